using System.Collections.Immutable;
using System.Net;
using System.Text.RegularExpressions;
using OrleansNotify.RateLimiting;
using OrleansNotify.Users;
using StackExchange.Redis;

namespace OrleansNotify.Host.Settings;

/// <summary>Reads every setting, and says of each that is wrong what is wrong with it.</summary>
internal static partial class SettingsReader
{
    // Telegram takes some 30 messages a second from a bot, many mail servers 100 a minute from one sender.
    private static readonly (Channel Channel, string Key, string Usual)[] UsualLimits =
    [
        (Channel.Push, "RATE_LIMIT_PUSH", "off"), (Channel.Telegram, "RATE_LIMIT_TELEGRAM", "20/1s"), (Channel.Email, "RATE_LIMIT_EMAIL", "100/1m"),
    ];

    /// <exception cref="SettingsException">At least one setting is missing or malformed.</exception>
    public static HostSettings Read(IConfiguration configuration, bool development)
    {
        SettingValues values = new(configuration);
        var redis = Redis(values);
        var origins = PushSettings.Origins(values);
        HostSettings settings = new()
        {
            Development = development,
            Redis = redis,
            Cluster = Cluster(values, embedded: redis is null && values.Text("REDIS_CONNECTION") is null),
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
        {
            try
            {
                BindingAddress.Parse(url);
            }
            catch (FormatException)
            {
                values.Wrong("ASPNETCORE_URLS", $"\"{url}\" is not an address to listen on, such as http://127.0.0.1:8080");
            }
        }

        if (settings.Development) return;
        if (settings.PublicUrl is null && values.Text("NOTIFY_PUBLIC_URL") is null)
            values.Wrong("NOTIFY_PUBLIC_URL", "is missing: where people reach this cluster, for links such as the one to unsubscribe; https://notify.example, say");
        if (values is { Problems.Count: 0 } && settings is { Email: null, Telegram: null, Push: null })
            values.Wrong("SMTP_HOST, TELEGRAM_BOT_TOKEN, VAPID_PUBLIC_KEY", "no channel is configured; set at least one of them (Development has a sandbox)");
    }

    private static ConfigurationOptions? Redis(SettingValues values)
    {
        const string Key = "REDIS_CONNECTION";
        // A connection string is a setting like others, unless it holds a password.
        var text = values.IsInFile(Key) && !HoldsPassword(values.Text(Key)!) ? values.Text(Key) : values.Secret(Key);
        if (text is null) return null;
        try
        {
            var options = ConfigurationOptions.Parse(text);
            if (options.EndPoints.Count > 0) return options;
            values.Wrong(Key, "names no server");
        }
        catch (ArgumentException fault)
        {
            // The message may quote the part that it stumbled over, which may be the password.
            values.Wrong(Key, "is not a connection string such as redis:6379,password=… (" + fault.ParamName + ")");
        }

        return null;
    }

    private static bool HoldsPassword(string connection) => connection.Contains("password", StringComparison.OrdinalIgnoreCase);

    private static ClusterSettings Cluster(SettingValues values, bool embedded)
    {
        ClusterSettings cluster = new()
        {
            ClusterId = Id(values, "ORLEANS_CLUSTER_ID"),
            ServiceId = Id(values, "ORLEANS_SERVICE_ID"),
            SiloPort = values.Port("ORLEANS_SILO_PORT"),
            GatewayPort = values.Port("ORLEANS_GATEWAY_PORT"),
            AdvertisedIp = Address(values, embedded),
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

    private static IPAddress? Address(SettingValues values, bool embedded)
    {
        const string Key = "ORLEANS_ADVERTISED_IP";
        if (values.Text(Key) is not { } text) return IPAddress.Loopback;
        IPAddress? address = null;
        if (text != "auto" && !IPAddress.TryParse(text, out address)) values.Wrong(Key, $"\"{text}\" is neither an IP address nor auto");
        else if (embedded && (address is null || !IPAddress.IsLoopback(address))) values.Wrong(Key, "the embedded store takes one silo, on loopback; several want REDIS_CONNECTION");
        return address;
    }

    private static ImmutableArray<IPNetwork> TrustedProxies(SettingValues values)
    {
        const string Key = "NOTIFY_TRUSTED_PROXIES";
        List<IPNetwork> proxies = [];
        foreach (var part in values.List(Key))
        {
            if (IPNetwork.TryParse(part, out var network)) proxies.Add(network);
            else if (IPAddress.TryParse(part, out var address)) proxies.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            else values.Wrong(Key, $"\"{part}\" is neither an IP address nor a network such as 10.0.0.0/8");
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
