using OrleansNotify.Storage;
using StackExchange.Redis;

namespace OrleansNotify.Tests.Cluster;

/// <summary>The store, with the faults that a test asks for.</summary>
internal sealed class FaultyStore(IConnectionMultiplexer redis, StoreClock clock) : CommitStore(redis, clock)
{
    private readonly IConnectionMultiplexer _redis = redis;
    private readonly StoreClock _clock = clock;
    private int _faults;

    /// <summary>Decides about each commit; null lets it be.</summary>
    public Func<Commit, Fault?> OnCommit { get; set; } = _ => null;

    /// <summary>What happens between a commit and its answer's arrival.</summary>
    public Action<Commit> OnAnswer { get; set; } = _ => { };

    /// <summary>What a commit waits for before it is made.</summary>
    public Func<Commit, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>Reads fail.</summary>
    public bool IsUnreadable { get; set; }

    /// <summary>How many faults are over: what was to be kept of their commits is stored.</summary>
    public int Faults => Volatile.Read(ref _faults);

    /// <summary>Commits that were asked for.</summary>
    public List<Commit> Commits { get; } = [];

    public override async Task<CommitResult> Apply(Commit commit)
    {
        lock (Commits) Commits.Add(commit);
        await Before(commit);
        if (OnCommit(commit) is not { } fault)
        {
            var result = await base.Apply(commit);
            OnAnswer(commit);
            return result;
        }

        if (fault.AfterWrites is { } count) await Cut(commit, count);
        else if (fault.Applied) await base.Apply(commit);
        Interlocked.Increment(ref _faults);
        throw new StoreFault(new TimeoutException("This store was told to fail."));
    }

    public override Task<HashEntry[]> ReadHash(RedisKey key) => IsUnreadable
        ? throw new StoreFault(new TimeoutException("This store was told to fail."))
        : base.ReadHash(key);

    // As a store that logs each write by itself leaves a script that was cut: the first writes, and no new version.
    private async Task Cut(Commit commit, int count)
    {
        var database = _redis.GetDatabase();
        foreach (var write in commit.Writes)
        {
            var args = write.Args.ToArray();
            if (write.Delay > 0) args[write.Delay - 1] = _clock.Now.ToUnixTimeMilliseconds() + (long)args[write.Delay - 1];
            if (write.More is not { } more)
            {
                await Keep(write.Command, write.Key, args);
                continue;
            }

            var before = await database.HashGetAsync(write.Key, args[0]);
            await Keep("ZADD", more.Order, [0, $"{args[1]} {args[0]}"]);
            await Keep("HSET", write.Key, args);
            await Keep("HINCRBY", more.Counts, [before, -1]);
            await Keep("HINCRBY", more.Counts, [args[1], 1]);
            await Keep("ZREM", more.Order, [$"{before} {args[0]}"]);
        }

        async Task Keep(string command, RedisKey key, RedisValue[] args)
        {
            if (count-- > 0) await database.ExecuteAsync(command, [key, .. args.Select(arg => (object)arg)]);
        }
    }
}

/// <summary>What happens to a commit: only its first writes are kept, or all of it is and the answer is lost, or nothing is.</summary>
internal sealed record Fault(bool Applied = false, int? AfterWrites = null);
