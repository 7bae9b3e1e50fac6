using OrleansNotify.Tests.Processes;
using OrleansNotify.Tests.Stores;
using StackExchange.Redis;

[assembly: AssemblyFixture(typeof(StoreFixture))]

namespace OrleansNotify.Tests.Stores;

/// <summary>
/// The stores of a test run, one of each kind, started when first asked for. A test class takes it in its constructor, and its theories
/// take <c>[MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]</c>.
/// </summary>
public sealed class StoreFixture : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private readonly Dictionary<StoreKind, Store> _stores = [];
    private EmbeddedStore? _embedded;
    private RedisProcess? _redis;

    /// <summary>Both kinds of store.</summary>
    public static TheoryData<StoreKind> All => [StoreKind.Embedded, StoreKind.Redis];

    /// <summary>The store of a kind. Skips the test, with the reason, where it is not installed; where all is demanded, fails it.</summary>
    public async Task<Store> Get(StoreKind kind)
    {
        if (kind == StoreKind.Redis) Needs.Program("redis-server");
        await _gate.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (!_stores.TryGetValue(kind, out var store)) _stores[kind] = store = await Start(kind);
            return store;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<Store> Start(StoreKind kind)
    {
        var connection = kind == StoreKind.Embedded
            ? (_embedded = new EmbeddedStore()).Connection
            : (_redis = await RedisProcess.Start()).Connection;
        return new Store(kind, connection, await ConnectionMultiplexer.ConnectAsync(connection));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores.Values) await store.Redis.DisposeAsync();
        _embedded?.Dispose();
        if (_redis is not null) await _redis.DisposeAsync();
        _gate.Dispose();
    }
}
