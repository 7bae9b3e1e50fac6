using StackExchange.Redis;

namespace OrleansNotify.Storage;

/// <summary>The store: applies commits and reads what they have written. Faults of the store are <see cref="StoreFault"/>s.</summary>
internal class CommitStore(IConnectionMultiplexer redis, StoreClock clock)
{
    private static readonly string CommitScript = Script.Read("OrleansNotify.Storage.commit.lua");

    /// <summary>Makes a commit.</summary>
    /// <exception cref="StoreFault">The store did not answer: the commit may have been made, or may still be.</exception>
    public virtual Task<CommitResult> Apply(Commit commit) => StoreFault.Guard(() => Run(commit));

    /// <summary>All fields of an outbox; empty if there is none.</summary>
    public virtual Task<HashEntry[]> ReadHash(RedisKey key) => StoreFault.Guard(() => redis.GetDatabase().HashGetAllAsync(key));

    /// <summary>A list from its newest entry on.</summary>
    public Task<RedisValue[]> ReadList(RedisKey key) => StoreFault.Guard(() => redis.GetDatabase().ListRangeAsync(key));

    /// <summary>Several fields of a hash.</summary>
    public Task<RedisValue[]> ReadFields(RedisKey key, RedisValue[] fields) => StoreFault.Guard(() => redis.GetDatabase().HashGetAsync(key, fields));

    /// <summary>The members of a sorted set with their scores, newest first.</summary>
    public Task<RedisValue[]> ReadNewest(RedisKey key, int count) =>
        StoreFault.Guard(() => redis.GetDatabase().SortedSetRangeByRankAsync(key, 0, count - 1, Order.Descending));

    private async Task<CommitResult> Run(Commit commit)
    {
        List<RedisKey> keys = [commit.Outbox];
        List<RedisValue> args =
        [
            clock.ForScript,
            commit.Version,
            commit.OutboxLife is { } life ? (long)life.TotalMilliseconds : RedisValue.EmptyString,
            commit.Conditions.Count,
        ];
        foreach (var (kind, key, field, value) in commit.Conditions) args.AddRange([kind, IndexOf(keys, key), field, value]);
        foreach (var write in commit.Writes)
        {
            RedisValue[] own = write.More is { } more ? [.. write.Args, IndexOf(keys, more.Counts), IndexOf(keys, more.Order)] : write.Args;
            args.AddRange([write.Command, IndexOf(keys, write.Key), write.Delay, own.Length]);
            args.AddRange(own);
        }

        var answer = (RedisValue[])(await redis.GetDatabase().ScriptEvaluateAsync(CommitScript, [.. keys], [.. args]))!;
        var now = StoreClock.FromMicroseconds((long)answer[1]);
        clock.Observe(now);
        var version = (long)answer[0];
        return version > 0
            ? new CommitResult(version, now, null)
            : new CommitResult(0, now, version == -1 ? null : (int)(-2 - version));
    }

    // A commit names a handful of keys: looking along the list is quicker than a dictionary.
    private static int IndexOf(List<RedisKey> keys, RedisKey key)
    {
        var index = keys.IndexOf(key);
        if (index >= 0) return index + 1;
        keys.Add(key);
        return keys.Count;
    }
}
