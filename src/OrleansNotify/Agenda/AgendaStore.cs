using OrleansNotify.Storage;
using StackExchange.Redis;

namespace OrleansNotify.Agenda;

/// <summary>Takes due entries from the agenda's shards, and keeps those of jobs and campaigns; those of messages are written by commits.</summary>
internal sealed class AgendaStore(IConnectionMultiplexer redis, Keys keys, StoreClock clock)
{
    private static readonly string TakeScript = Script.Read("OrleansNotify.Agenda.take.lua");

    /// <summary>How far ahead an entry is pushed when it is taken: when it comes back if nobody puts it right.</summary>
    private static readonly TimeSpan Push = TimeSpan.FromSeconds(30);

    /// <exception cref="StoreFault">The store did not answer.</exception>
    public Task<MessageKey[]> Take(int shard, int count) => StoreFault.Guard(async () =>
    {
        var answer = (RedisValue[])(await redis.GetDatabase().ScriptEvaluateAsync(
            TakeScript, [keys.Agenda(shard)], [clock.ForScript, count, (long)Push.TotalMilliseconds]))!;
        clock.Observe(StoreClock.FromMicroseconds((long)answer[0]));
        return answer[1..].Select(member => MessageKey.Parse(member!)).ToArray();
    });

    /// <summary>Makes sure that an entry is there, and comes back no sooner than one that was taken now.</summary>
    /// <exception cref="StoreFault">The store did not answer.</exception>
    public Task PutAhead(MessageKey entry) => StoreFault.Guard(() =>
        redis.GetDatabase().SortedSetAddAsync(ShardOf(entry), entry.Format(), (clock.Now + Push).ToUnixTimeMilliseconds()));

    /// <exception cref="StoreFault">The store did not answer.</exception>
    public Task Remove(MessageKey entry) => StoreFault.Guard(() => redis.GetDatabase().SortedSetRemoveAsync(ShardOf(entry), entry.Format()));

    private RedisKey ShardOf(MessageKey entry) => keys.Agenda(Keys.ShardOf(entry.User));
}
