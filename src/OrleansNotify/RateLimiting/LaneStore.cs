using OrleansNotify.Storage;
using StackExchange.Redis;

namespace OrleansNotify.RateLimiting;

/// <summary>Reads a channel's lanes. They are written by commits alone.</summary>
internal sealed class LaneStore(IConnectionMultiplexer redis, Keys keys, StoreClock clock)
{
    /// <summary>The first messages of a lane.</summary>
    /// <exception cref="StoreFault">The store did not answer.</exception>
    public Task<MessageKey[]> Head(Channel channel, Priority priority, int count) => StoreFault.Guard(async () =>
    {
        var members = await redis.GetDatabase().SortedSetRangeByRankAsync(keys.Lane(channel, priority), 0, count - 1);
        return members.Select(member => MessageKey.Parse(member!)).ToArray();
    });

    /// <summary>How many messages wait in a lane, and for how long the first of them has.</summary>
    /// <exception cref="StoreFault">The store did not answer.</exception>
    public Task<(long Depth, TimeSpan Oldest)> Measure(Channel channel, Priority priority) => StoreFault.Guard(async () =>
    {
        var lane = keys.Lane(channel, priority);
        var depth = redis.GetDatabase().SortedSetLengthAsync(lane);
        var head = await redis.GetDatabase().SortedSetRangeByRankWithScoresAsync(lane, 0, 0);
        return (await depth, head.Length == 0 ? TimeSpan.Zero : LaneOrder.AgeOf(head[0].Score, clock.Now));
    });
}
