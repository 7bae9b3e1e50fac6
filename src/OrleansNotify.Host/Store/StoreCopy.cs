using StackExchange.Redis;

namespace OrleansNotify.Host.Store;

/// <summary>Copies a store that nobody writes to, key by key and page by page, and proves that a copy holds the same.</summary>
internal static class StoreCopy
{
    private const int Page = 500;

    // Both stores count an expiry down by themselves while the copy is read.
    private static readonly TimeSpan ExpiryTolerance = TimeSpan.FromMinutes(1);

    /// <summary>Writes everything of one store into another, empty one.</summary>
    public static async Task Copy(IServer source, IDatabase from, IDatabase to)
    {
        await foreach (var key in source.KeysAsync(pageSize: Page))
        {
            await CopyValue(from, to, key);
            if (await from.KeyTimeToLiveAsync(key) is { } left) await to.KeyExpireAsync(key, left);
        }
    }

    /// <summary>Whether a copy holds each key of a store with the same value and, nearly, the same expiry, and no other.</summary>
    public static async Task<bool> IsSame(IServer source, IDatabase from, IServer copy, IDatabase to)
    {
        long keys = 0;
        await foreach (var key in source.KeysAsync(pageSize: Page))
        {
            var (left, leftThere) = (await from.KeyTimeToLiveAsync(key), await to.KeyTimeToLiveAsync(key));
            // A key that is about to expire may go at any moment, from either.
            if (left < ExpiryTolerance) continue;
            keys++;
            if (left.HasValue != leftThere.HasValue || (left - leftThere)?.Duration() > ExpiryTolerance) return false;
            if (await from.KeyTypeAsync(key) != await to.KeyTypeAsync(key) || !await IsSameValue(from, to, key)) return false;
        }

        long there = 0;
        await foreach (var key in copy.KeysAsync(pageSize: Page))
            if (!(await to.KeyTimeToLiveAsync(key) < ExpiryTolerance)) there++;
        return keys == there;
    }

    private static async Task CopyValue(IDatabase from, IDatabase to, RedisKey key)
    {
        switch (await from.KeyTypeAsync(key))
        {
            case RedisType.String:
                await to.StringSetAsync(key, await from.StringGetAsync(key));
                break;
            case RedisType.Hash:
                await foreach (var page in Pages(from.HashScanAsync(key, pageSize: Page))) await to.HashSetAsync(key, page);
                break;
            case RedisType.Set:
                await foreach (var page in Pages(from.SetScanAsync(key, pageSize: Page))) await to.SetAddAsync(key, page);
                break;
            case RedisType.SortedSet:
                await foreach (var page in Pages(from.SortedSetScanAsync(key, pageSize: Page))) await to.SortedSetAddAsync(key, page);
                break;
            case RedisType.List:
                await foreach (var page in ListPages(from, key)) await to.ListRightPushAsync(key, page);
                break;
            case RedisType.None:
                // Expired in between.
                break;
            case var other:
                throw new NotSupportedException($"The store holds a key of type {other}, which cannot be copied.");
        }
    }

    private static async Task<bool> IsSameValue(IDatabase from, IDatabase to, RedisKey key)
    {
        switch (await from.KeyTypeAsync(key))
        {
            case RedisType.String:
                return await from.StringGetAsync(key) == await to.StringGetAsync(key);
            case RedisType.Hash:
                if (await from.HashLengthAsync(key) != await to.HashLengthAsync(key)) return false;
                await foreach (var page in Pages(from.HashScanAsync(key, pageSize: Page)))
                    if (!(await to.HashGetAsync(key, [.. page.Select(entry => entry.Name)])).SequenceEqual(page.Select(entry => entry.Value))) return false;
                return true;
            case RedisType.Set:
                if (await from.SetLengthAsync(key) != await to.SetLengthAsync(key)) return false;
                await foreach (var page in Pages(from.SetScanAsync(key, pageSize: Page)))
                    if (!Array.TrueForAll(await to.SetContainsAsync(key, page), found => found)) return false;
                return true;
            case RedisType.SortedSet:
                if (await from.SortedSetLengthAsync(key) != await to.SortedSetLengthAsync(key)) return false;
                await foreach (var page in Pages(from.SortedSetScanAsync(key, pageSize: Page)))
                {
                    var scores = await to.SortedSetScoresAsync(key, [.. page.Select(entry => entry.Element)]);
                    if (!scores.SequenceEqual(page.Select(entry => (double?)entry.Score))) return false;
                }

                return true;
            default:
                if (await from.ListLengthAsync(key) != await to.ListLengthAsync(key)) return false;
                await foreach (var (mine, theirs) in ListPages(from, key).Zip(ListPages(to, key)))
                    if (!mine.SequenceEqual(theirs)) return false;
                return true;
        }
    }

    private static async IAsyncEnumerable<T[]> Pages<T>(IAsyncEnumerable<T> items)
    {
        await foreach (var page in items.Chunk(Page)) yield return page;
    }

    private static async IAsyncEnumerable<RedisValue[]> ListPages(IDatabase database, RedisKey key)
    {
        for (long start = 0; ; start += Page)
        {
            var page = await database.ListRangeAsync(key, start, start + Page - 1);
            if (page.Length == 0) yield break;
            yield return page;
        }
    }
}
