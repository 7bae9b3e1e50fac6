using System.Collections.Immutable;
using System.Net;
using System.Text.RegularExpressions;
using OrleansNotify.RateLimiting;
using OrleansNotify.Users;

namespace OrleansNotify.Host.Settings;

/// <summary>Reads every setting, and says of each that is wrong what is wrong with it.</summary>
internal static partial class SettingsReader
{
    // Telegram takes some 30 messages a second from a bot, many mail servers 100 a minute from one sender.
    private static readonly (Channel Channel, string Key, string Usual)[] UsualLimits =
    [
        (Channel.Push, "RATE_LIMIT_PUSH", "off"), (Channel.Telegram, "RATE_LIMIT_TELEGRAM", "20/1s"), (Channel.Email, "RATE_LIMIT_EMAIL", "100/1m"),
    ];

    // Longer than a router takes to see that a host is not ready.
    private const int UsualDrain = 5;

    /// <exception cref="SettingsException">At least one setting is missing or malformed.</exception>
    public static HostSettings Read(IConfiguration configuration, bool development)
    {
        SettingValues values = new(configuration);
        var redis = RedisSettings.Read(values);
        var origins = PushSettings.Origins(values);
        HostSettings settings = new()
        {
            Development = development,
            Redis = redis,
            Cluster = Cluster(values, embedded: !RedisSettings.IsSet(values)),
            DataDirectory = DataDirectory(values),
            Jwt = TokenSettings.Read(values, development),
            PublicUrl = values.Url("NOTIFY_PUBLIC_URL"),
            AppUrl = values.Url("NOTIFY_APP_URL"),
            TrustedProxies = TrustedProxies(values),
            TemplatesDirectory = TemplatesDirectory(values),
            Email = EmailSettings.Read(values),
            Telegram = TelegramSettings.Read(values),
            Push = PushSettings.Read(values, origins),
            PushOrigins = origins,
            Limits = Limits(values),
            History = History(values),
            Drain = TimeSpan.FromSeconds(values.Number("NOTIFY_DRAIN_SECONDS", 0, 15) ?? (development ? 0 : UsualDrain)),
        };
        CheckTheRest(values, settings);
        return values.Problems.Count == 0 ? settings : throw new SettingsException(values.Problems);
    }

    /// <summary>The embedded store's folder: <c>data</c> in the working directory unless it is set.</summary>
    public static string DataDirectory(SettingValues values) => Path.GetFullPath(values.Text("NOTIFY_DATA_DIR") ?? "data");

    /// <summary>The templates' folder: the shipped ones unless it is set.</summary>
    public static string TemplatesDirectory(SettingValues values) =>
        Path.GetFullPath(values.Text("NOTIFY_TEMPLATES_DIR") ?? Path.Combine(AppContext.BaseDirectory, "templates"));

    private static void CheckTheRest(SettingValues values, HostSettings settings)
    {
        if (!Directory.Exists(settings.TemplatesDirectory))
            values.Wrong("NOTIFY_TEMPLATES_DIR", $"there is no folder {settings.TemplatesDirectory}");
        foreach (var url in values.Text("URLS")?.Split(';', StringSplitOptions.RemoveEmptyEntries) ?? [])
            if (!IsListenable(url)) values.Wrong("ASPNETCORE_URLS", $"{SettingValues.Shown(url)} is not an address to listen on, such as http://127.0.0.1:8080");

        if (settings.Development) return;
        if (settings.PublicUrl is null && values.Text("NOTIFY_PUBLIC_URL") is null)
            values.Wrong("NOTIFY_PUBLIC_URL", "is missing: where people reach this cluster, for links such as the one to unsubscribe; https://notify.example, say");
        if (values is { Problems.Count: 0 } && settings is { Email: null, Telegram: null, Push: null })
            values.Wrong("SMTP_HOST, TELEGRAM_BOT_TOKEN, VAPID_PUBLIC_KEY", "no channel is configured; set at least one of them (Development has a sandbox)");
    }

    private static bool IsListenable(string url)
    {
        try
        {
            return !BindingAddress.Parse(url).Host.Contains('@', StringComparison.Ordinal);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static ClusterSettings Cluster(SettingValues values, bool embedded)
    {
        ClusterSettings cluster = new()
        {
            ClusterId = Id(values, "ORLEANS_CLUSTER_ID"),
            ServiceId = Id(values, "ORLEANS_SERVICE_ID"),
            SiloPort = values.Port("ORLEANS_SILO_PORT"),
            GatewayPort = values.Port("ORLEANS_GATEWAY_PORT"),
            Advertised = Advertised(values, embedded),
        };
        if (cluster.SiloPort is { } port && port == cluster.GatewayPort) values.Wrong("ORLEANS_GATEWAY_PORT", "is the same as ORLEANS_SILO_PORT");
        return cluster;
    }

    private static string Id(SettingValues values, string key)
    {
        var id = values.Text(key) ?? "notify";
        if (!IdForm().IsMatch(id)) values.Wrong(key, $"\"{id}\" is not an id: 1 to 64 letters, digits, '.', '_' or '-'");
        return id;
    }

    private static string? Advertised(SettingValues values, bool embedded)
    {
        const string Key = "ORLEANS_ADVERTISED_IP";
        if (values.Text(Key) is not { } text) return IPAddress.Loopback.ToString();
        if (embedded && !(IPAddress.TryParse(text, out var address) && IPAddress.IsLoopback(address)))
            values.Wrong(Key, "the embedded store takes one silo, on loopback; several want REDIS_CONNECTION");
        else if (Uri.CheckHostName(text) is UriHostNameType.Unknown)
            values.Wrong(Key, $"{SettingValues.Shown(text)} is neither an IP address, nor a host's name, nor auto");
        return text == "auto" ? null : text;
    }

    private static ImmutableArray<IPNetwork> TrustedProxies(SettingValues values)
    {
        const string Key = "NOTIFY_TRUSTED_PROXIES";
        List<IPNetwork> proxies = [];
        foreach (var part in values.List(Key))
        {
            if (IPNetwork.TryParse(part, out var network)) proxies.Add(network);
            else if (IPAddress.TryParse(part, out var address)) proxies.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            else values.Wrong(Key, $"{SettingValues.Shown(part)} is neither an IP address nor a network such as 10.0.0.0/8");
        }

        return [.. proxies];
    }

    private static ImmutableDictionary<Channel, RateLimit> Limits(SettingValues values)
    {
        var limits = ImmutableDictionary.CreateBuilder<Channel, RateLimit>();
        foreach (var (channel, key, usual) in UsualLimits)
        {
            var text = values.Text(key) ?? usual;
            if (!RateLimit.TryParse(text, out var limit)) values.Wrong(key, $"\"{text}\" is neither off nor a limit such as 20/1s or 100/1m");
            else if (limit is not null) limits[channel] = limit;
        }

        return limits.ToImmutable();
    }

    private static HistoryLimits History(SettingValues values) => new(
        values.Number("NOTIFY_HISTORY_MESSAGES", 1, 10_000) ?? HistoryLimits.Default.Messages,
        values.Number("NOTIFY_HISTORY_DAYS", 1, 365) is { } days ? TimeSpan.FromDays(days) : HistoryLimits.Default.Age);

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,64}\z")]
    private static partial Regex IdForm();
}
