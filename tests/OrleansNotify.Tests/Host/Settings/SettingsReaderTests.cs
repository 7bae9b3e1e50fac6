using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using OrleansNotify.Host.Settings;
using OrleansNotify.Host.Silo;
using OrleansNotify.RateLimiting;
using OrleansNotify.Users;

namespace OrleansNotify.Tests.Host.Settings;

public sealed class SettingsReaderTests : IDisposable
{
    private const string Secret = "0123456789abcdef0123456789abcdef";

    private readonly string _folder = Directory.CreateTempSubdirectory("notify-settings-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("SMTP_HOST=a b", "SMTP_HOST")]
    [InlineData("SMTP_HOST=", "SMTP_HOST")]
    [InlineData("SMTP_PORT=0", "SMTP_PORT")]
    [InlineData("SMTP_PORT=65536", "SMTP_PORT")]
    [InlineData("SMTP_PORT=smtp", "SMTP_PORT")]
    [InlineData("SMTP_USER=u", "SMTP_PASSWORD")]
    [InlineData("SMTP_PASSWORD=p", "SMTP_USER")]
    [InlineData("SMTP_PASSWORD_FILE=/nowhere/password", "SMTP_PASSWORD_FILE")]
    [InlineData("SMTP_SECURITY=ssl", "SMTP_SECURITY")]
    [InlineData("SMTP_EHLO=vm", "SMTP_EHLO")]
    [InlineData("SMTP_MAX_CONNECTIONS=0", "SMTP_MAX_CONNECTIONS")]
    [InlineData("SMTP_MAX_CONNECTIONS=many", "SMTP_MAX_CONNECTIONS")]
    [InlineData("SMTP_FROM=", "SMTP_FROM")]
    [InlineData("SMTP_FROM=nobody", "SMTP_FROM")]
    [InlineData("SMTP_FROM=A <a@b.example>\r\nBcc: c@d.example", "SMTP_FROM")]
    [InlineData("SMTP_FROM=a@other.example", "SMTP_FROM")]
    [InlineData("SMTP_FROM=a@sub.b.example", "SMTP_FROM")]
    [InlineData("SMTP_FROM_ALLOWLIST=", "SMTP_FROM_ALLOWLIST")]
    [InlineData("TELEGRAM_BOT_TOKEN=token", "TELEGRAM_BOT_TOKEN")]
    [InlineData("TELEGRAM_BOT_TOKEN=1:a/../b", "TELEGRAM_BOT_TOKEN")]
    [InlineData("TELEGRAM_API_BASE_URL=https://api.telegram.org", "TELEGRAM_BOT_TOKEN")]
    [InlineData("TELEGRAM_API_BASE_URL=api.telegram.org", "TELEGRAM_API_BASE_URL")]
    [InlineData("TELEGRAM_API_BASE_URL=https://api.telegram.org/bot", "TELEGRAM_API_BASE_URL")]
    [InlineData("VAPID_PUBLIC_KEY=abc", "VAPID_PUBLIC_KEY")]
    [InlineData("VAPID_PUBLIC_KEY=*", "VAPID_PUBLIC_KEY")]
    [InlineData("VAPID_PRIVATE_KEY=abc", "VAPID_PRIVATE_KEY")]
    [InlineData("VAPID_CLAIM_EMAIL=ops", "VAPID_CLAIM_EMAIL")]
    [InlineData("PUSH_ALLOWED_ORIGINS=push.example", "PUSH_ALLOWED_ORIGINS")]
    [InlineData("PUSH_ALLOWED_ORIGINS=https://push.example/path", "PUSH_ALLOWED_ORIGINS")]
    [InlineData("RATE_LIMIT_TELEGRAM=20", "RATE_LIMIT_TELEGRAM")]
    [InlineData("RATE_LIMIT_EMAIL=fast", "RATE_LIMIT_EMAIL")]
    [InlineData("RATE_LIMIT_PUSH=0/1s", "RATE_LIMIT_PUSH")]
    [InlineData("NOTIFY_HISTORY_MESSAGES=0", "NOTIFY_HISTORY_MESSAGES")]
    [InlineData("NOTIFY_HISTORY_MESSAGES=10001", "NOTIFY_HISTORY_MESSAGES")]
    [InlineData("NOTIFY_HISTORY_MESSAGES=1e3", "NOTIFY_HISTORY_MESSAGES")]
    [InlineData("NOTIFY_HISTORY_DAYS=0", "NOTIFY_HISTORY_DAYS")]
    [InlineData("NOTIFY_HISTORY_DAYS=366", "NOTIFY_HISTORY_DAYS")]
    [InlineData("NOTIFY_HISTORY_DAYS=-1", "NOTIFY_HISTORY_DAYS")]
    [InlineData("REDIS_CONNECTION=name=x", "REDIS_CONNECTION")]
    [InlineData("REDIS_CONNECTION=redis:6379,nonsense=1", "REDIS_CONNECTION")]
    [InlineData("NOTIFY_JWT_SECRET=", "NOTIFY_JWT_SECRET")]
    [InlineData("NOTIFY_JWT_SECRET=short", "NOTIFY_JWT_SECRET")]
    [InlineData("NOTIFY_JWT_SECRET=" + Secret + ",short", "NOTIFY_JWT_SECRET")]
    [InlineData("NOTIFY_JWT_SECRET=" + Secret + "," + Secret + "," + Secret, "NOTIFY_JWT_SECRET")]
    [InlineData("NOTIFY_JWT_AUTHORITY=https://login.example", "NOTIFY_JWT_AUTHORITY")]
    [InlineData("NOTIFY_JWT_AUTHORITY=login", "NOTIFY_JWT_AUTHORITY")]
    [InlineData("NOTIFY_JWT_AUTHORITY=http://login.example", "NOTIFY_JWT_AUTHORITY")]
    [InlineData("NOTIFY_JWT_AUDIENCE=me", "NOTIFY_JWT_AUDIENCE")]
    [InlineData("NOTIFY_JWT_ROLE_CLAIM=roles", "NOTIFY_JWT_ROLE_CLAIM")]
    [InlineData("NOTIFY_JWT_ROLES=owner=Notify.Owner", "NOTIFY_JWT_ROLES")]
    [InlineData("NOTIFY_TRUSTED_PROXIES=proxy", "NOTIFY_TRUSTED_PROXIES")]
    [InlineData("NOTIFY_TRUSTED_PROXIES=10.0.0.0/33", "NOTIFY_TRUSTED_PROXIES")]
    [InlineData("NOTIFY_PUBLIC_URL=", "NOTIFY_PUBLIC_URL")]
    [InlineData("NOTIFY_PUBLIC_URL=notify.example", "NOTIFY_PUBLIC_URL")]
    [InlineData("NOTIFY_PUBLIC_URL=https://notify.example/?a=b", "NOTIFY_PUBLIC_URL")]
    [InlineData("NOTIFY_PUBLIC_URL=https://user:secret@notify.example", "NOTIFY_PUBLIC_URL")]
    [InlineData("NOTIFY_TEMPLATES_DIR=/nowhere/templates", "NOTIFY_TEMPLATES_DIR")]
    [InlineData("URLS=8080", "ASPNETCORE_URLS")]
    [InlineData("ORLEANS_CLUSTER_ID=a b", "ORLEANS_CLUSTER_ID")]
    [InlineData("ORLEANS_SERVICE_ID={a}", "ORLEANS_SERVICE_ID")]
    [InlineData("ORLEANS_SILO_PORT=x", "ORLEANS_SILO_PORT")]
    [InlineData("ORLEANS_GATEWAY_PORT=11111", "ORLEANS_GATEWAY_PORT")]
    [InlineData("ORLEANS_ADVERTISED_IP=host", "ORLEANS_ADVERTISED_IP")]
    [InlineData("ORLEANS_ADVERTISED_IP=10.0.0.1", "ORLEANS_ADVERTISED_IP")]
    [InlineData("ORLEANS_ADVERTISED_IP=auto", "ORLEANS_ADVERTISED_IP")]
    public void A_bad_setting_is_named(string change, string named)
    {
        var (key, value) = (change[..change.IndexOf('=', StringComparison.Ordinal)], change[(change.IndexOf('=', StringComparison.Ordinal) + 1)..]);
        var settings = Good();
        settings["ORLEANS_SILO_PORT"] = "11111";
        settings[key] = value;
        if (key is "SMTP_USER" or "SMTP_PASSWORD" or "SMTP_PASSWORD_FILE") settings.Remove(key == "SMTP_USER" ? "SMTP_PASSWORD" : "SMTP_USER");
        if (key == "SMTP_PASSWORD_FILE") settings.Remove("SMTP_PASSWORD");
        if (key == "TELEGRAM_API_BASE_URL" && named == "TELEGRAM_BOT_TOKEN") settings.Remove("TELEGRAM_BOT_TOKEN");
        if (value.StartsWith("http://login", StringComparison.Ordinal) || value == "login") settings.Remove("NOTIFY_JWT_SECRET");

        var problems = ProblemsOf(settings);

        var problem = Assert.Single(problems, line => line.StartsWith(named + ": ", StringComparison.Ordinal));
        Assert.DoesNotContain("\n", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_is_wrong_is_told_at_once()
    {
        var settings = Good();
        settings["SMTP_PORT"] = "x";
        settings["TELEGRAM_BOT_TOKEN"] = "y";
        settings["ORLEANS_SILO_PORT"] = "z";

        Assert.Equal(3, ProblemsOf(settings).Count);
    }

    [Theory]
    [InlineData("SMTP_PASSWORD")]
    [InlineData("TELEGRAM_BOT_TOKEN")]
    [InlineData("VAPID_PRIVATE_KEY")]
    [InlineData("NOTIFY_JWT_SECRET")]
    [InlineData("REDIS_CONNECTION")]
    public void A_secret_in_a_settings_file_is_refused_and_not_shown(string key)
    {
        var settings = Good();
        var secret = key == "REDIS_CONNECTION" ? "localhost,password=hunter2" : settings[key]!;
        var file = $$"""{ "{{key}}": "{{secret}}" }""";
        settings.Remove(key);

        var problems = ProblemsOf(settings, file);

        Assert.Contains(problems, line => line.StartsWith(key + ": is a secret", StringComparison.Ordinal));
        Assert.DoesNotContain(problems, line => line.Contains(secret, StringComparison.Ordinal));
    }

    [Fact]
    public void A_wrong_secret_is_not_shown()
    {
        var settings = Good();
        settings["TELEGRAM_BOT_TOKEN"] = "1:hunter2 ";
        settings["NOTIFY_JWT_SECRET"] = "hunter2";
        settings["REDIS_CONNECTION"] = "redis:6379,password=hunter2,nonsense=hunter2";
        settings["VAPID_PRIVATE_KEY"] = "hunter2";

        Assert.DoesNotContain(ProblemsOf(settings), line => line.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_no_secret_may_stand_in_a_settings_file()
    {
        const string Json = """{ "SMTP_PORT": 2525, "REDIS_CONNECTION": "redis.example:6379", "RATE_LIMIT_PUSH": "off" }""";

        var read = SettingsReader.Read(Configuration(Good(), Json), development: false);

        Assert.Equal(2525, read.Email!.Port);
        Assert.Equal("redis.example:6379", Assert.Single(read.Redis!.EndPoints).ToString()!.Replace("Unspecified/", "", StringComparison.Ordinal));
    }

    [Fact]
    public void A_secret_may_come_from_a_file_without_its_line_break()
    {
        var path = Path.Combine(_folder, "password");
        File.WriteAllText(path, "hunter2\n");
        var settings = Good();
        settings.Remove("SMTP_PASSWORD");
        settings["SMTP_PASSWORD_FILE"] = path;

        Assert.Equal("hunter2", SettingsReader.Read(Configuration(settings), development: false).Email!.Password);
    }

    [Fact]
    public void An_empty_secret_file_and_one_beside_the_secret_are_refused()
    {
        var path = Path.Combine(_folder, "empty");
        File.WriteAllText(path, "\n");
        var settings = Good();
        settings["SMTP_PASSWORD_FILE"] = path;

        var problems = ProblemsOf(settings);

        Assert.Contains(problems, line => line.StartsWith("SMTP_PASSWORD_FILE: is set beside", StringComparison.Ordinal));
        Assert.Contains(problems, line => line.StartsWith("SMTP_PASSWORD_FILE: the file", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, "127.0.0.1")]
    [InlineData("10.0.0.1", "10.0.0.1")]
    [InlineData("silo-0.notify", "silo-0.notify")]
    [InlineData("auto", null)]
    public void A_silo_listens_on_loopback_unless_it_is_said_otherwise(string? setting, string? address)
    {
        var settings = Good();
        (settings["REDIS_CONNECTION"], settings["ORLEANS_ADVERTISED_IP"]) = ("redis:6379", setting);
        var read = SettingsReader.Read(Configuration(WithTemplates(settings)), development: false);
        Assert.Equal(address, read.Cluster.Advertised);
    }

    [Fact]
    public void Telegram_and_email_are_limited_unless_it_is_said_otherwise()
    {
        var usual = LimitsOf(Good());
        Assert.Equal(new RateLimit(20, TimeSpan.FromSeconds(1)), usual[Channel.Telegram]);
        Assert.Equal(new RateLimit(100, TimeSpan.FromMinutes(1)), usual[Channel.Email]);
        Assert.False(usual.ContainsKey(Channel.Push));

        var settings = Good();
        (settings["RATE_LIMIT_TELEGRAM"], settings["RATE_LIMIT_EMAIL"], settings["RATE_LIMIT_PUSH"]) = ("off", "5/1h", "300/1s");
        var limits = LimitsOf(settings);
        Assert.Equal(
            [KeyValuePair.Create(Channel.Push, new RateLimit(300, TimeSpan.FromSeconds(1))), KeyValuePair.Create(Channel.Email, new RateLimit(5, TimeSpan.FromHours(1)))],
            limits.OrderBy(limit => limit.Key));
    }

    [Theory]
    [InlineData(null, null, 200, 30)]
    [InlineData("1", "365", 1, 365)]
    [InlineData("10000", "1", 10_000, 1)]
    public void The_history_is_as_long_as_it_is_set_to(string? messages, string? days, int most, int age)
    {
        var settings = Good();
        (settings["NOTIFY_HISTORY_MESSAGES"], settings["NOTIFY_HISTORY_DAYS"]) = (messages, days);

        var read = SettingsReader.Read(Configuration(settings), development: false);

        Assert.Equal(new HistoryLimits(most, TimeSpan.FromDays(age)), ChannelSetup.Options(read, new Uri("http://127.0.0.1:5080")).History);
    }

    [Fact]
    public void Production_without_a_channel_does_not_start()
    {
        Dictionary<string, string?> settings = new() { ["NOTIFY_JWT_SECRET"] = Secret, ["NOTIFY_PUBLIC_URL"] = "https://notify.example" };

        var problem = Assert.Single(ProblemsOf(settings));

        Assert.Contains("no channel is configured", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Development_needs_no_setting_at_all()
    {
        var read = SettingsReader.Read(Configuration(WithTemplates([])), development: true);

        Assert.Null(read.Email);
        Assert.Null(read.Telegram);
        Assert.Null(read.Push);
        Assert.Empty(read.PushOrigins);
        Assert.Null(read.Jwt);
        Assert.Null(read.Redis);
        Assert.Equal(("notify", "notify"), (read.Cluster.ClusterId, read.Cluster.ServiceId));
    }

    [Fact]
    public void Everything_set_is_read()
    {
        var settings = Good();
        settings["SMTP_SECURITY"] = "tls";
        settings["SMTP_EHLO"] = "192.0.2.1";
        settings["SMTP_MAX_CONNECTIONS"] = "3";
        settings["TELEGRAM_API_BASE_URL"] = "http://127.0.0.1:8081/";
        settings["PUSH_ALLOWED_ORIGINS"] = "https://push.example, http://127.0.0.1:9090/";
        settings["NOTIFY_JWT_SECRET"] = Secret + ", " + Secret + "2";
        settings["NOTIFY_PUBLIC_URL"] = "https://notify.example/alerts/";
        settings["ORLEANS_ADVERTISED_IP"] = "127.0.0.1";
        settings["ORLEANS_GATEWAY_PORT"] = "30001";

        var read = SettingsReader.Read(Configuration(settings), development: false);

        Assert.Equal(new EmailOptions { Host = "smtp.example", Port = 587, User = "user", Password = "hunter2", Security = SmtpSecurity.Tls, From = "Alerts <alerts@b.example>", Ehlo = "[192.0.2.1]", MaxConnections = 3 }, read.Email);
        Assert.Equal("http://127.0.0.1:8081", read.Telegram!.ApiBaseUrl);
        Assert.Equal(["https://push.example", "http://127.0.0.1:9090"], read.Push!.AllowedOrigins);
        Assert.Equal("ops@b.example", read.Push.ClaimEmail);
        Assert.Equal([Secret, Secret + "2"], read.Jwt!.Secrets);
        Assert.Equal("https://notify.example/alerts", read.PublicUrl!.ToString());
        Assert.Equal(30001, read.Cluster.GatewayPort);
    }

    [Theory]
    [InlineData("admin=x")]
    [InlineData("owner")]
    [InlineData("owner=")]
    [InlineData("Owner=x")]
    public void A_role_that_is_none_of_ours_is_refused(string roles)
    {
        var settings = Good();
        settings.Remove("NOTIFY_JWT_SECRET");
        settings["NOTIFY_JWT_AUTHORITY"] = "https://login.example";
        settings["NOTIFY_JWT_ROLES"] = roles;

        Assert.StartsWith("NOTIFY_JWT_ROLES: ", Assert.Single(ProblemsOf(settings)), StringComparison.Ordinal);
    }

    [Fact]
    public void An_authority_names_roles_in_its_own_way_and_a_proxy_is_an_address_or_a_network()
    {
        var settings = Good();
        settings.Remove("NOTIFY_JWT_SECRET");
        settings["NOTIFY_JWT_AUTHORITY"] = "https://login.example";
        settings["NOTIFY_JWT_ROLE_CLAIM"] = "realm_access.roles";
        settings["NOTIFY_JWT_ROLES"] = "owner=Notify.Owner, service=Notify.Service,service=Bots";
        settings["NOTIFY_TRUSTED_PROXIES"] = "10.0.0.0/8, 127.0.0.1, ::1";

        var read = SettingsReader.Read(Configuration(settings), development: false);

        Assert.Equal("realm_access.roles", read.Jwt!.RoleClaim);
        Assert.Equal([("owner", "Notify.Owner"), ("service", "Notify.Service"), ("service", "Bots")], read.Jwt.RoleNames);
        Assert.Equal(["10.0.0.0/8", "127.0.0.1/32", "::1/128"], read.TrustedProxies.Select(proxy => proxy.ToString()));
    }

    [Fact]
    public void A_private_key_of_another_pair_is_noticed()
    {
        var settings = Good();
        settings["VAPID_PRIVATE_KEY"] = Good()["VAPID_PRIVATE_KEY"];

        Assert.StartsWith("VAPID_PRIVATE_KEY: is not the one that belongs to", Assert.Single(ProblemsOf(settings)), StringComparison.Ordinal);
    }

    [Fact]
    public void No_setting_shows_a_secret_as_text()
    {
        var read = SettingsReader.Read(Configuration(Good()), development: false);

        Assert.All([read.ToString(), read.Email!.ToString(), read.Telegram!.ToString(), read.Push!.ToString(), read.Jwt!.ToString()], text =>
        {
            Assert.DoesNotContain("hunter2", text, StringComparison.Ordinal);
            Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
            Assert.DoesNotContain(read.Telegram.BotToken, text, StringComparison.Ordinal);
            Assert.DoesNotContain(read.Push.VapidPrivateKey, text, StringComparison.Ordinal);
        });
    }

    private Dictionary<string, string?> Good()
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var key = pair.ExportParameters(true);
        return WithTemplates(new()
        {
            ["SMTP_HOST"] = "smtp.example",
            ["SMTP_USER"] = "user",
            ["SMTP_PASSWORD"] = "hunter2",
            ["SMTP_FROM"] = "Alerts <alerts@b.example>",
            ["SMTP_FROM_ALLOWLIST"] = "other@a.example, @b.example",
            ["TELEGRAM_BOT_TOKEN"] = "12345:abc_DEF-ghi",
            ["VAPID_PUBLIC_KEY"] = Base64Url.EncodeToString([4, .. key.Q.X!, .. key.Q.Y!]),
            ["VAPID_PRIVATE_KEY"] = Base64Url.EncodeToString(key.D),
            ["VAPID_CLAIM_EMAIL"] = "mailto:ops@b.example",
            ["NOTIFY_JWT_SECRET"] = Secret,
            ["NOTIFY_PUBLIC_URL"] = "https://notify.example",
        });
    }

    private Dictionary<string, string?> WithTemplates(Dictionary<string, string?> settings)
    {
        settings["NOTIFY_TEMPLATES_DIR"] = _folder;
        return settings;
    }

    private ImmutableDictionary<Channel, RateLimit> LimitsOf(Dictionary<string, string?> settings) =>
        SettingsReader.Read(Configuration(WithTemplates(settings)), development: false).Limits;

    private IReadOnlyList<string> ProblemsOf(Dictionary<string, string?> settings, string? file = null)
    {
        settings.TryAdd("NOTIFY_TEMPLATES_DIR", _folder);
        return Assert.Throws<SettingsException>(() => SettingsReader.Read(Configuration(settings, file), development: false)).Problems;
    }

    private IConfigurationRoot Configuration(Dictionary<string, string?> settings, string? file = null)
    {
        ConfigurationBuilder builder = new();
        if (file is not null)
        {
            var path = Path.Combine(_folder, "appsettings.json");
            File.WriteAllText(path, file);
            builder.AddJsonFile(path);
        }

        return builder.AddInMemoryCollection(settings).Build();
    }
}
