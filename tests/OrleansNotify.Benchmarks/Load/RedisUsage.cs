using StackExchange.Redis;

namespace OrleansNotify.Benchmarks.Load;

/// <summary>How often each command was called so far, those inside scripts included, and what the data take.</summary>
internal sealed record RedisUsage(IReadOnlyDictionary<string, long> Calls, long MemoryBytes)
{
    public static async Task<RedisUsage> Of(string connection)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"{connection},allowAdmin=true");
        var server = redis.GetServers()[0];
        var calls = (await server.InfoAsync("commandstats")).SelectMany(section => section)
            .ToDictionary(entry => entry.Key["cmdstat_".Length..], entry => long.Parse(Field(entry.Value, "calls="), null));
        var memory = (await server.InfoAsync("memory")).SelectMany(section => section).First(entry => entry.Key == "used_memory").Value;
        return new RedisUsage(calls, long.Parse(memory, null));
    }

    /// <summary>Calls since an earlier look, by command; what this program itself asked is not counted.</summary>
    public IReadOnlyDictionary<string, long> Since(RedisUsage earlier) => Calls
        .Where(entry => entry.Key is not ("info" or "client" or "client|setname" or "client|setinfo" or "config|get" or "ping" or "echo" or "cluster|nodes"))
        .Select(entry => (entry.Key, Calls: entry.Value - earlier.Calls.GetValueOrDefault(entry.Key)))
        .Where(entry => entry.Calls > 0)
        .ToDictionary(entry => entry.Key, entry => entry.Calls);

    private static string Field(string text, string name) => text[(text.IndexOf(name, StringComparison.Ordinal) + name.Length)..].Split(',')[0];
}
