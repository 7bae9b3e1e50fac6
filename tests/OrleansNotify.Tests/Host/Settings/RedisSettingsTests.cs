using System.Net;
using Microsoft.Extensions.Configuration;
using OrleansNotify.Host.Settings;
using StackExchange.Redis;

namespace OrleansNotify.Tests.Host.Settings;

public sealed class RedisSettingsTests
{
    private const string Password = "hunter2";

    [Theory]
    [InlineData("redis://default:hunter2@127.0.0.1:7000/0", "127.0.0.1", 7000, "default", 0, false)]
    [InlineData("redis://:hunter2@redis.example", "redis.example", 6379, null, null, false)]
    [InlineData("rediss://ops:hunter2@redis.example:6390/3", "redis.example", 6390, "ops", 3, true)]
    [InlineData("redis://ops:hunter2@redis.example/?ssl=true&syncTimeout=500", "redis.example", 6379, "ops", null, true)]
    [InlineData("REDIS://ops:%68unter2@redis.example", "redis.example", 6379, "ops", null, false)]
    [InlineData("redis.example:7000,user=ops,password=hunter2,ssl=true", "redis.example", 7000, "ops", null, true)]
    public void Every_form_of_a_connection_is_taken(string text, string host, int port, string? user, int? database, bool ssl)
    {
        var options = Read(text).Options!;
        var point = Assert.Single(options.EndPoints);
        Assert.Equal((host, port), point is DnsEndPoint name ? (name.Host, name.Port) : (((IPEndPoint)point).Address.ToString(), ((IPEndPoint)point).Port));
        Assert.Equal((user, Password, database, ssl), (options.User, options.Password, options.DefaultDatabase, options.Ssl));
    }

    [Fact]
    public void What_stands_for_itself_in_an_address_is_written_by_its_code() =>
        Assert.Equal("p@:/#,? w", Read("redis://ops:p%40%3A%2F%23%2C%3F%20w@redis.example").Options!.Password);

    [Theory]
    [InlineData("redis://ops:hunter2@")]
    [InlineData("redis://ops:hunter2@redis.example/zero")]
    [InlineData("redis://ops:hunter2@redis.example:none/0")]
    [InlineData("redis://ops:hunter2@redis.example?nonsense=hunter2")]
    [InlineData("redis://ops:hunter2@redis.example?hunter2")]
    [InlineData("redis://ops:hunter2@redis.example#hunter2")]
    [InlineData("redis://hunter2@redis.example")]
    [InlineData("redis://ops:hun#ter2@redis.example")]
    [InlineData("http://ops:hunter2@redis.example")]
    [InlineData("tcp://redis.example:6379,password=hunter2")]
    [InlineData("ops:hunter2@redis.example:6379")]
    [InlineData("redis.example:6379,hunter2=x")]
    [InlineData("redis.example:6379,password=abc,hunter2")]
    [InlineData("redis.example:6379,password=abc,hunter2=")]
    [InlineData("redis.example:6379,hunter2!")]
    [InlineData("redis.example:6379,password=hunter2,ssl=perhaps")]
    [InlineData("password=hunter2")]
    public void What_is_none_is_refused_at_once_and_nothing_of_it_is_shown(string text)
    {
        var (options, problems) = Read(text);
        Assert.Null(options);
        Assert.StartsWith("REDIS_CONNECTION: ", Assert.Single(problems), StringComparison.Ordinal);
        foreach (var part in (string[])["hunter2", "hun#ter2", "ter2", "abc"]) Assert.DoesNotContain(part, problems[0], StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("redis://ops:hunter2@redis.example")]
    [InlineData("redis.example,password=hunter2")]
    [InlineData("redis.example, Password = hunter2")]
    [InlineData("redis.example:6379,hunter2=")]
    public void A_password_in_a_settings_file_is_known_by_its_place(string text)
    {
        using TempJson json = new(text);
        SettingValues values = new(new ConfigurationBuilder().AddJsonFile(json.Path).Build());

        RedisSettings.Read(values);

        Assert.Contains(values.Problems, line => line.StartsWith("REDIS_CONNECTION: is a secret", StringComparison.Ordinal));
        Assert.DoesNotContain(values.Problems, line => line.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_one_it_may_stand_there()
    {
        using TempJson json = new("redis://redis.example/2");
        SettingValues values = new(new ConfigurationBuilder().AddJsonFile(json.Path).Build());

        Assert.Equal(2, RedisSettings.Read(values)!.DefaultDatabase);
        Assert.Empty(values.Problems);
    }

    private static (ConfigurationOptions? Options, IReadOnlyList<string> Problems) Read(string text)
    {
        SettingValues values = new(new ConfigurationBuilder().AddInMemoryCollection([new("REDIS_CONNECTION", text)]).Build());
        return (RedisSettings.Read(values), values.Problems);
    }

    /// <summary>A settings file.</summary>
    private sealed class TempJson : IDisposable
    {
        public TempJson(string connection) => File.WriteAllText(Path, $$"""{ "REDIS_CONNECTION": "{{connection}}" }""");

        public string Path { get; } = System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }
}
