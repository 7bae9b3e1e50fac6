using System.Collections.Immutable;

namespace OrleansNotify;

/// <summary>The cluster's settings, read and checked once at start. A channel without settings is null: not configured.</summary>
internal sealed record NotifyOptions
{
    /// <summary>Prefix of every key in Redis.</summary>
    public required string ServiceId { get; init; }

    /// <summary>Where people reach what the cluster serves, such as unsubscribe links. No trailing slash.</summary>
    public required string PublicUrl { get; init; }

    public EmailOptions? Email { get; init; }
    public TelegramOptions? Telegram { get; init; }
    public PushOptions? Push { get; init; }

    /// <summary>Sends of one channel that may run at a time on one silo; campaign messages may use three quarters of it.</summary>
    public int Room { get; init; } = 1000;

    /// <summary>The channels' limits; a channel that is not named has none.</summary>
    public ImmutableDictionary<Channel, RateLimiting.RateLimit> Limits { get; init; } = ImmutableDictionary<Channel, RateLimiting.RateLimit>.Empty;

    public RateLimiting.RateLimit? LimitOf(Channel channel) => Limits.GetValueOrDefault(channel);

    /// <summary>How much of a user's settled messages is kept.</summary>
    public Users.HistoryLimits History { get; init; } = Users.HistoryLimits.Default;

    /// <summary>For how long a stopping silo waits for the sends that run.</summary>
    public TimeSpan DrainAtMost { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>Whether the store may keep only the first writes of a commit when it is killed, as the embedded one does.</summary>
    public bool StoreKeepsParts { get; init; }

    /// <summary>Whether scripts are told the silo's time instead of asking the store's own clock: for tests whose clock is not the world's.</summary>
    public bool StoreFollowsClock { get; init; }

    public bool IsConfigured(Channel channel) => channel switch
    {
        Channel.Push => Push is not null,
        Channel.Telegram => Telegram is not null,
        _ => Email is not null,
    };
}

internal enum SmtpSecurity
{
    /// <summary>TLS on port 465, else STARTTLS, required unless the host is loopback.</summary>
    Auto,
    None,
    StartTls,
    Tls,
}

internal sealed record EmailOptions
{
    public required string Host { get; init; }
    public required int Port { get; init; }
    public string? User { get; init; }
    public string? Password { get; init; }
    public SmtpSecurity Security { get; init; }

    /// <summary>The sender, such as <c>Alerts &lt;alerts@b.example&gt;</c>; on the allow-list, which is checked at start.</summary>
    public required string From { get; init; }

    /// <summary>What we call ourselves to the server: a fully qualified name or an address literal; null: the sender's domain.</summary>
    public string? Ehlo { get; init; }

    /// <summary>The most connections to the server that one silo may have at a time; at least 1. Many servers take 20 from one client.</summary>
    public int MaxConnections { get; init; } = 20;

    public override string ToString() => $"{Host}:{Port} ({Security})";
}

internal sealed record TelegramOptions
{
    public required string BotToken { get; init; }

    /// <summary>Scheme and authority alone.</summary>
    public string ApiBaseUrl { get; init; } = "https://api.telegram.org";

    public override string ToString() => ApiBaseUrl;
}

internal sealed record PushOptions
{
    /// <summary>base64url, uncompressed point.</summary>
    public required string VapidPublicKey { get; init; }

    /// <summary>base64url, 32 bytes.</summary>
    public required string VapidPrivateKey { get; init; }

    public required string ClaimEmail { get; init; }

    /// <summary>Replaces the built-in list of push services where it is not empty.</summary>
    public ImmutableArray<string> AllowedOrigins { get; init; } = [];

    /// <summary>Allowed beside the list, whichever it is: the sandbox's push service, in Development.</summary>
    public string? SandboxOrigin { get; init; }

    public override string ToString() => $"VAPID {VapidPublicKey}";
}
