using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd.Hosts;

/// <summary>The two stores that a host may have.</summary>
public enum StoreKind
{
    /// <summary>The host's own.</summary>
    Embedded,

    /// <summary>A real Redis.</summary>
    Redis,
}

/// <summary>A store for the hosts of one test, and the folder where they keep the rest.</summary>
internal sealed class HostStore : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("notify-e2e-");
    private readonly RedisProcess? _redis;

    private HostStore(RedisProcess? redis) => _redis = redis;

    /// <summary>Both kinds.</summary>
    public static TheoryData<StoreKind> All => [StoreKind.Embedded, StoreKind.Redis];

    /// <summary>What <c>REDIS_CONNECTION</c> takes.</summary>
    public string Redis => _redis!.Connection;

    /// <summary>The Redis itself.</summary>
    public RedisProcess Server => _redis!;

    public static async Task<HostStore> Start(StoreKind kind)
    {
        if (kind == StoreKind.Embedded) return new HostStore(null);
        Needs.Program("redis-server");
        return new HostStore(await RedisProcess.Start());
    }

    /// <summary>The environment of a host on this store: of a new silo at every call.</summary>
    public Dictionary<string, string> Environment() => _redis is null
        ? HostEnvironment.Embedded(_folder.FullName)
        : HostEnvironment.OnRedis(_redis.Connection, _folder.CreateSubdirectory(Guid.NewGuid().ToString("N")).FullName);

    public async ValueTask DisposeAsync()
    {
        if (_redis is not null) await _redis.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
