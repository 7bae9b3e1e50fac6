using System.Collections.Immutable;
using System.Net;
using OrleansNotify.Host.Auth;
using OrleansNotify.RateLimiting;
using OrleansNotify.Users;
using StackExchange.Redis;

namespace OrleansNotify.Host.Settings;

/// <summary>All settings of a host, read and checked once at its start.</summary>
internal sealed record HostSettings
{
    /// <summary>Whether channels without settings are connected to the sandbox, and secrets that are missing are made.</summary>
    public required bool Development { get; init; }

    public required ClusterSettings Cluster { get; init; }

    /// <summary>Null: the embedded store.</summary>
    public ConfigurationOptions? Redis { get; init; }

    /// <summary>The embedded store and generated keys; an absolute path.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Null in Development: a secret is made and kept in the data folder.</summary>
    public JwtSettings? Jwt { get; init; }

    /// <summary>Null in Development: the first address that the host listens on.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>
    /// Where the product's own pages are; null where no template leads to one. In Development without the setting: a page of the sandbox.
    /// </summary>
    public Uri? AppUrl { get; init; }

    /// <summary>Whose <c>X-Forwarded-…</c> headers are believed; an address is a network of one.</summary>
    public ImmutableArray<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>An absolute path.</summary>
    public required string TemplatesDirectory { get; init; }

    public EmailOptions? Email { get; init; }
    public TelegramOptions? Telegram { get; init; }
    public PushOptions? Push { get; init; }

    /// <summary>The push services that replace the built-in list; they count for the sandbox's push channel as well.</summary>
    public ImmutableArray<string> PushOrigins { get; init; } = [];

    /// <summary>The channels that are connected to the sandbox.</summary>
    public ImmutableArray<Channel> Sandboxed { get; init; } = [];

    /// <summary>A channel that is missing has no limit.</summary>
    public required ImmutableDictionary<Channel, RateLimit> Limits { get; init; }

    public required HistoryLimits History { get; init; }

    /// <summary>For how long requests are taken after the signal to stop.</summary>
    public TimeSpan Drain { get; init; }

    /// <summary>Nothing of it: the members hold secrets.</summary>
    public override string ToString() => nameof(HostSettings);
}

/// <summary>The silo's place in its cluster.</summary>
internal sealed record ClusterSettings
{
    public required string ClusterId { get; init; }

    /// <summary>Prefix of every key in Redis.</summary>
    public required string ServiceId { get; init; }

    /// <summary>Null: Orleans' usual port, or a free one with the embedded store.</summary>
    public int? SiloPort { get; init; }

    /// <inheritdoc cref="SiloPort"/>
    public int? GatewayPort { get; init; }

    /// <summary>
    /// The address that the silo gives others: an IP address, or a host's name that leads to one. Null: the machine's own. Its ports listen on
    /// that address alone, or on the machine's own where it is none of this machine's, as that of a service before it.
    /// </summary>
    public string? Advertised { get; init; }
}

/// <summary>The settings are wrong: the host does not start.</summary>
internal sealed class SettingsException(IReadOnlyList<string> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    /// <summary>A line for each setting, which names it.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
