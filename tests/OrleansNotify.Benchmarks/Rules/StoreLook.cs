using System.Globalization;
using OrleansNotify.Benchmarks.Load;
using OrleansNotify.Storage;
using StackExchange.Redis;

namespace OrleansNotify.Benchmarks.Rules;

/// <summary>Looks at what the cluster keeps in Redis, and at what Redis had to do for it.</summary>
internal sealed class StoreLook : IAsyncDisposable
{
    // As a host names its records unless it is told another name.
    private static readonly Keys s_keys = new("notify");

    private readonly ConnectionMultiplexer _redis;

    private StoreLook(ConnectionMultiplexer redis) => _redis = redis;

    private IDatabase Database => _redis.GetDatabase();

    private IServer Server => _redis.GetServers()[0];

    public static async Task<StoreLook> Open(string connection) => new(await ConnectionMultiplexer.ConnectAsync($"{connection},allowAdmin=true"));

    /// <summary>How many messages wait in a lane.</summary>
    public Task<long> LaneDepth(Channel channel, Priority lane) => Database.SortedSetLengthAsync(s_keys.Lane(channel, lane));

    /// <summary>Entries of all shards of the agenda.</summary>
    public async Task<long> AgendaEntries()
    {
        var shards = await Task.WhenAll(Enumerable.Range(0, Keys.AgendaShards).Select(shard => Database.SortedSetLengthAsync(s_keys.Agenda(shard))));
        return shards.Sum();
    }

    public Task<long> DeadLetters() => Database.HashLengthAsync(s_keys.Letters);

    /// <summary>The reminders in the table, and how many of them are not an agenda shard's.</summary>
    public async Task<(int All, int Others)> Reminders()
    {
        var table = await Database.SortedSetRangeByValueAsync("notify/reminders");
        return (table.Length, table.Count(entry => !entry.ToString().Contains("\"agenda/", StringComparison.Ordinal)));
    }

    public async Task<double> MemoryMiB() => Math.Round(double.Parse(await Info("memory", "used_memory"), CultureInfo.InvariantCulture) / 1024 / 1024, 1);

    public async Task<double> CpuSeconds() =>
        double.Parse(await Info("cpu", "used_cpu_user"), CultureInfo.InvariantCulture) + double.Parse(await Info("cpu", "used_cpu_sys"), CultureInfo.InvariantCulture);

    /// <summary>Forgets what it has logged and counted so far.</summary>
    public async Task Reset()
    {
        await Server.SlowlogResetAsync();
        await Server.ConfigResetStatisticsAsync();
    }

    /// <summary>The slowest command since <see cref="Reset"/>; null if all took less than a millisecond.</summary>
    public async Task<SlowCommand?> Slowest()
    {
        var slowest = (await Server.SlowlogGetAsync(4096)).MaxBy(command => command.Duration);
        return slowest is null ? null : new SlowCommand(
            string.Join(' ', slowest.Arguments.Take(4).Select(argument => argument.ToString()).Select(text => text.Length > 40 ? text[..40] : text)),
            LoadRun.Round(slowest.Duration.TotalMilliseconds)!.Value);
    }

    /// <summary>The seconds that Redis spent in the commands that took it the most, since <see cref="Reset"/>.</summary>
    public async Task<IReadOnlyDictionary<string, double>> SecondsByCommand() => (await Server.InfoAsync("commandstats")).SelectMany(section => section)
        .Select(entry => (Name: entry.Key["cmdstat_".Length..], Seconds: double.Parse(entry.Value.Split("usec=")[1].Split(',')[0], CultureInfo.InvariantCulture) / 1e6))
        .OrderByDescending(entry => entry.Seconds).Take(6).ToDictionary(entry => entry.Name, entry => LoadRun.Round(entry.Seconds)!.Value);

    private async Task<string> Info(string section, string name) =>
        (await Server.InfoAsync(section)).SelectMany(entries => entries).First(entry => entry.Key == name).Value;

    public ValueTask DisposeAsync() => _redis.DisposeAsync();
}

/// <summary>A command from Redis' slow log.</summary>
internal sealed record SlowCommand(string Command, double Ms);
