using OrleansNotify.Storage;
using StackExchange.Redis;

namespace OrleansNotify.Host.Store;

/// <summary>Whether the store can take what it is given.</summary>
/// <param name="redis">The store.</param>
/// <param name="freeBytes">What is left of the disk beneath the embedded store; null with a store of another machine.</param>
internal sealed class StoreHealth(IConnectionMultiplexer redis, Func<long>? freeBytes)
{
    /// <summary>With less than this left, in bytes, nothing new is accepted: the rest is for what is under way.</summary>
    public const long DiskReserve = 128 * 1024 * 1024;

    /// <summary>Whether the disk beneath the embedded store is nearly full.</summary>
    public bool IsDiskFull => freeBytes is not null && freeBytes() < DiskReserve;

    /// <summary>What is left of the disk of a folder.</summary>
    public static Func<long> DiskOf(string folder)
    {
        DriveInfo drive = new(folder);
        return () => drive.AvailableFreeSpace;
    }

    /// <summary>How long a round trip to the store takes; null if it does not answer.</summary>
    public async Task<TimeSpan?> Ping()
    {
        try
        {
            return await redis.GetDatabase().PingAsync();
        }
        catch (Exception fault) when (StoreFault.IsOne(fault))
        {
            return null;
        }
    }
}
