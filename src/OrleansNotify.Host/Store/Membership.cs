using OrleansNotify.Host.Settings;
using StackExchange.Redis;

namespace OrleansNotify.Host.Store;

/// <summary>The rows in which the silos of a cluster find each other.</summary>
internal static class Membership
{
    /// <summary>The hash that Orleans keeps them in.</summary>
    public static RedisKey Key(ClusterSettings cluster) => $"{cluster.ServiceId}/members/{cluster.ClusterId}";

    /// <summary>
    /// Forgets every silo. For the embedded store alone, whose folder is locked: no silo of an earlier run can be alive, yet a new one on
    /// another port would wait for the old one's row to grow stale.
    /// </summary>
    public static Task Clear(IConnectionMultiplexer redis, ClusterSettings cluster) => redis.GetDatabase().KeyDeleteAsync(Key(cluster));
}
