using OrleansNotify.Benchmarks.Load;
using OrleansNotify.Benchmarks.Receiving;
using OrleansNotify.Storage;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.Benchmarks.Rules;

/// <summary>Redis, receiver and two silos, a process each. A silo that is killed comes back on the same ports.</summary>
internal sealed class RulesCluster : IAsyncDisposable
{
    // Slower commands are kept in Redis' slow log, in microseconds.
    private const string Slow = "1000";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("notify-rules-");
    private readonly RedisProcess _redis;
    private readonly Dictionary<string, string>[] _environments;
    private readonly HostProcess?[] _hosts;
    private readonly Channel _channel;

    private RulesCluster(RedisProcess redis, ReceiverProcess receiver, Channel channel, Dictionary<string, string> settings)
    {
        (_redis, Receiver, _channel) = (redis, receiver, channel);
        _environments = [.. Enumerable.Range(0, 2).Select(_ => HostEnvironment.OnRedis(redis.Connection, _folder.FullName).With(receiver.Environment, settings))];
        _hosts = new HostProcess?[_environments.Length];
    }

    public ReceiverProcess Receiver { get; }

    public StoreLook Store { get; private set; } = null!;

    /// <summary>How many silos there are.</summary>
    public int Silos => _hosts.Length;

    /// <summary>The silos that run, by name, and Redis: for a look at what they use.</summary>
    public IReadOnlyDictionary<string, int> Processes => _hosts.OfType<HostProcess>().Select((host, at) => (Name: $"silo{at + 1}", host.Id))
        .Append((Name: "redis", _redis.Id)).ToDictionary(each => each.Name, each => each.Id);

    public static async Task<RulesCluster> Start(Channel channel, Dictionary<string, string> settings)
    {
        RulesCluster cluster = new(
            await RedisProcess.Start("--slowlog-log-slower-than", Slow, "--slowlog-max-len", "4096"), await ReceiverProcess.Start(), channel, settings);
        cluster.Store = await StoreLook.Open(cluster._redis.Connection);
        for (var silo = 0; silo < cluster.Silos; silo++) await cluster.StartSilo(silo);
        return cluster;
    }

    public async Task StartSilo(int silo) => _hosts[silo] = await HostProcess.Start(_environments[silo]);

    /// <summary>SIGKILL.</summary>
    public async Task KillSilo(int silo)
    {
        await _hosts[silo]!.Kill();
        await _hosts[silo]!.DisposeAsync();
        _hosts[silo] = null;
    }

    /// <summary>A program that uses this silo's API.</summary>
    public Caller CallerOf(int silo) => new(_hosts[silo]!, new LoadSettings { Channel = _channel, Messages = 0, Embedded = false });

    /// <summary>Creates users, through all silos.</summary>
    public Task CreateUsers(int first, int count) =>
        ThroughAll(Enumerable.Range(first, count), (caller, numbers) => caller.CreateUsers(numbers, Receiver.Device));

    /// <summary>Sends a message to each of these users, half of them through each silo.</summary>
    public Task Send(IEnumerable<int> numbers, Priority lane, DateTimeOffset? sendAt = null) =>
        ThroughAll(numbers, (caller, part) => caller.Send(part, (_, _) => { }, lane, sendAt));

    private Task ThroughAll(IEnumerable<int> numbers, Func<Caller, IEnumerable<int>, Task> act) => Task.WhenAll(
        numbers.Select((number, at) => (number, at)).GroupBy(each => each.at % Silos, each => each.number).Select(async part =>
        {
            using var caller = CallerOf(part.Key);
            await act(caller, part);
        }));

    /// <summary>The silo whose metrics tell of the channel's lanes: the one that holds the grain that gives its turns.</summary>
    public async Task<int> HolderOfTurns()
    {
        var holder = -1;
        await Poll.Until(async () => (holder = await FindHolder()) >= 0, () => "silo with the channel's grain", TimeSpan.FromSeconds(30));
        return holder;
    }

    private async Task<int> FindHolder()
    {
        using HttpClient http = new();
        for (var silo = 0; silo < Silos; silo++)
        {
            if (_hosts[silo] is not { } host) continue;
            var metrics = await http.GetStringAsync(new Uri($"{host.Url}/metrics"));
            if (metrics.Split('\n').Any(line => line.StartsWith("lane_depth{", StringComparison.Ordinal)
                && line.Contains($"channel=\"{Keys.Name(_channel)}\"", StringComparison.Ordinal))) return silo;
        }

        return -1;
    }

    /// <summary>What all silos have printed, for somebody who wants to know why.</summary>
    public string Output => string.Join('\n', _hosts.OfType<HostProcess>().Select(host => host.Output));

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts.OfType<HostProcess>()) await host.DisposeAsync();
        await Receiver.DisposeAsync();
        await Store.DisposeAsync();
        await _redis.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
