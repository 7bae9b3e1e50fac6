namespace OrleansNotify.Tests.Processes;

/// <summary>Environments for a host: each a few variables, to be put together.</summary>
internal static class HostEnvironment
{
    /// <summary>A host with the embedded store in a folder.</summary>
    public static Dictionary<string, string> Embedded(string folder) => new()
    {
        ["DOTNET_ENVIRONMENT"] = "Production",
        ["ASPNETCORE_ENVIRONMENT"] = "Production",
        ["NOTIFY_DATA_DIR"] = folder,
        // A test sends nothing to a host that it has told to stop.
        ["NOTIFY_DRAIN_SECONDS"] = "0",
    };

    /// <summary>A silo of a cluster on Redis, with ports of its own; a host that is to come back as the same silo takes the same again.</summary>
    public static Dictionary<string, string> OnRedis(string connection, string folder) => new(Embedded(folder))
    {
        ["REDIS_CONNECTION"] = connection,
        ["ORLEANS_SILO_PORT"] = $"{FreePort.Find()}",
        ["ORLEANS_GATEWAY_PORT"] = $"{FreePort.Find()}",
        ["ORLEANS_ADVERTISED_IP"] = "127.0.0.1",
    };

    /// <summary>Email to a server on loopback.</summary>
    public static Dictionary<string, string> Smtp(int port) => new()
    {
        ["SMTP_HOST"] = "127.0.0.1",
        ["SMTP_PORT"] = $"{port}",
        ["SMTP_SECURITY"] = "none",
        ["SMTP_FROM"] = "Alerts <alerts@notify.example>",
        ["SMTP_FROM_ALLOWLIST"] = "@notify.example",
    };

    /// <summary>Telegram, with its Bot API on loopback.</summary>
    public static Dictionary<string, string> Telegram(Uri api, string token) => new()
    {
        ["TELEGRAM_BOT_TOKEN"] = token,
        ["TELEGRAM_API_BASE_URL"] = api.GetLeftPart(UriPartial.Authority),
    };

    /// <summary>Push, with a push service on loopback.</summary>
    public static Dictionary<string, string> Push(Uri service, VapidPair vapid) => new()
    {
        ["VAPID_PUBLIC_KEY"] = vapid.PublicKey,
        ["VAPID_PRIVATE_KEY"] = vapid.PrivateKey,
        ["VAPID_CLAIM_EMAIL"] = "ops@notify.example",
        ["PUSH_ALLOWED_ORIGINS"] = service.GetLeftPart(UriPartial.Authority),
    };

    /// <summary>Every channel without a rate limit.</summary>
    public static Dictionary<string, string> Unlimited { get; } = new() { ["RATE_LIMIT_TELEGRAM"] = "off", ["RATE_LIMIT_EMAIL"] = "off" };

    /// <summary>All of several; what comes later wins.</summary>
    public static Dictionary<string, string> With(this Dictionary<string, string> first, params Dictionary<string, string>[] others)
    {
        Dictionary<string, string> all = new(first);
        foreach (var (key, value) in others.SelectMany(other => other)) all[key] = value;
        return all;
    }
}
