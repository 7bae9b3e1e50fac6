using StackExchange.Redis;

namespace OrleansNotify.Tests.Stores;

/// <summary>A running store, shared by the whole run: a test keeps to its own <see cref="NewServiceId"/>.</summary>
public sealed class Store(StoreKind kind, string connection, IConnectionMultiplexer redis)
{
    private static int s_serviceIds;

    /// <summary>Which of the two it is.</summary>
    public StoreKind Kind => kind;

    /// <summary>What <c>REDIS_CONNECTION</c> takes.</summary>
    public string Connection => connection;

    /// <summary>A connection that all tests share; not to be disposed by them.</summary>
    public IConnectionMultiplexer Redis => redis;

    /// <summary>A connection of one's own, for tests that cut or count it.</summary>
    public async Task<ConnectionMultiplexer> Connect() => await ConnectionMultiplexer.ConnectAsync(connection);

    /// <summary>A service id, and so a prefix of keys, that nobody else has.</summary>
    public static string NewServiceId() => $"t{Interlocked.Increment(ref s_serviceIds)}";
}
