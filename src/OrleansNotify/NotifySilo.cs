using Microsoft.Extensions.DependencyInjection;
using OrleansNotify.Agenda;
using OrleansNotify.Campaigns;
using OrleansNotify.Channels.Email;
using OrleansNotify.Channels.Push;
using OrleansNotify.DeadLetters;
using OrleansNotify.Delivery;
using OrleansNotify.Metrics;
using OrleansNotify.RateLimiting;
using OrleansNotify.Storage;
using OrleansNotify.Users;

namespace OrleansNotify;

/// <summary>Registers the cluster's parts on a silo.</summary>
internal static class NotifySilo
{
    /// <summary>
    /// Expects to be registered by the host: <see cref="StackExchange.Redis.IConnectionMultiplexer"/>, <see cref="Templates.TemplateCatalog"/>,
    /// <see cref="NotifyMetrics"/>, a sender for each configured channel, reminders and the grain storage <see cref="SiloContext.StorageName"/>.
    /// </summary>
    public static ISiloBuilder AddNotify(this ISiloBuilder silo, NotifyOptions options)
    {
        silo.Services
            .AddSingleton(options)
            .AddSingleton(new Keys(options.ServiceId))
            .AddSingleton(new EndpointPolicy(options.Push?.AllowedOrigins ?? [], options.Push?.SandboxOrigin))
            .AddSingleton<UnsubscribeLinks>()
            .AddSingleton<Codec>()
            .AddSingleton<StoreClock>(services => new StoreClock(services.GetRequiredService<TimeProvider>(), options.StoreFollowsClock))
            .AddSingleton<CommitStore>()
            .AddSingleton<AgendaStore>()
            .AddSingleton<LetterStore>()
            .AddSingleton<CampaignStore>()
            .AddSingleton<CampaignList>()
            .AddSingleton<RecipientOrder>()
            .AddSingleton<CampaignRows>()
            .AddSingleton<KeptUnsubscribes>()
            .AddSingleton<LaneStore>()
            .AddSingleton<PermitStore>()
            .AddSingleton<RunningSends>()
            .AddSingleton<ChannelWatch>()
            .AddSingleton<ChannelHealth>()
            .AddSingleton<PushAdmission>()
            .AddSingleton<SiloContext>()
            .AddSingleton<SiloLife>()
            .AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(services => services.GetRequiredService<SiloLife>());
        return silo;
    }
}
