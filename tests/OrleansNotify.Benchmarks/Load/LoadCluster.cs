using OrleansNotify.Benchmarks.Receiving;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.Benchmarks.Load;

/// <summary>Store, receiver and host, a process each.</summary>
internal sealed class LoadCluster : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("notify-load-");
    private readonly RedisProcess? _redis;
    private readonly Dictionary<string, string> _environment;
    private readonly string? _program;

    private LoadCluster(RedisProcess? redis, ReceiverProcess receiver, string? host)
    {
        (_redis, Receiver) = (redis, receiver);
        _program = host is null ? null : Path.Combine(host, "OrleansNotify.Host.dll");
        var store = redis is null ? HostEnvironment.Embedded(_folder.FullName) : HostEnvironment.OnRedis(redis.Connection, _folder.FullName);
        _environment = store.With(receiver.Environment, HostEnvironment.Unlimited);
    }

    public ReceiverProcess Receiver { get; }

    public HostProcess Host { get; private set; } = null!;

    /// <summary>The connection string; null with the embedded store.</summary>
    public string? Redis => _redis?.Connection;

    /// <summary>The processes to be measured, by name.</summary>
    public Dictionary<string, int> Processes => _redis is null
        ? new() { ["host"] = Host.Id, ["receiver"] = Receiver.Id }
        : new() { ["host"] = Host.Id, ["redis"] = _redis.Id, ["receiver"] = Receiver.Id };

    public static async Task<LoadCluster> Start(LoadSettings settings)
    {
        LoadCluster cluster = new(settings.Embedded ? null : await RedisProcess.Start(), await ReceiverProcess.Start(), settings.Host);
        cluster.Host = await HostProcess.Start(cluster._environment, cluster._program);
        return cluster;
    }

    /// <summary>A new host, in which every user's grain is asleep.</summary>
    public async Task RestartHost()
    {
        var code = await Host.Terminate(TimeSpan.FromSeconds(40));
        if (code != 0) throw new InvalidOperationException($"The host ended with {code}:\n{Host.Output}");
        await Host.DisposeAsync();
        Host = await HostProcess.Start(_environment, _program);
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Receiver.DisposeAsync();
        if (_redis is not null) await _redis.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
