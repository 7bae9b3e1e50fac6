using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using OrleansNotify.Campaigns;
using OrleansNotify.Channels.Push;
using OrleansNotify.Delivery;
using OrleansNotify.Metrics;
using OrleansNotify.RateLimiting;
using OrleansNotify.Storage;
using OrleansNotify.Templates;
using OrleansNotify.Users;

namespace OrleansNotify;

/// <summary>What a user's grain finds on the silo that it is on.</summary>
internal sealed record SiloContext(
    NotifyOptions Options,
    CommitStore Store,
    Keys Keys,
    Codec Codec,
    StoreClock StoreClock,
    TimeProvider Clock,
    TemplateCatalog Templates,
    RunningSends Sends,
    ChannelWatch Channels,
    EndpointPolicy Endpoints,
    ISiloStatusOracle Silos,
    NotifyMetrics Metrics,
    KeptUnsubscribes Unsubscribes,
    CampaignRows CampaignRows,
    [FromKeyedServices(SiloContext.StorageName)]
    IGrainStorage Profiles)
{
    /// <summary>The name of the grain storage that holds profiles.</summary>
    public const string StorageName = "notify";

    /// <summary>The channels that the cluster has settings for.</summary>
    public ImmutableArray<Channel> Configured { get; } = [.. Enum.GetValues<Channel>().Where(Options.IsConfigured)];

    /// <summary>This silo's incarnation.</summary>
    public string Silo { get; } = Silos.SiloAddress.ToParsableString();

    /// <summary>Whether the silo with this incarnation is in the membership and not dead.</summary>
    public bool IsAlive(string silo) =>
        Silos.GetApproximateSiloStatuses(onlyActive: false).TryGetValue(SiloAddress.FromParsableString(silo), out var status)
        && status != SiloStatus.Dead;
}
