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

    /// <summary>Messages of a lane behind a place, as far as another one, and the place of the last; those at one place are never parted.</summary>
    /// <exception cref="StoreFault">The store did not answer.</exception>
    public Task<(MessageKey[] Messages, double Last)> Between(Channel channel, Priority priority, double from, double to, int count) =>
        StoreFault.Guard(async () =>
        {
            var lane = keys.Lane(channel, priority);
            var found = await redis.GetDatabase().SortedSetRangeByScoreWithScoresAsync(lane, from, to, Exclude.Start, take: count);
            if (found.Length == 0) return ([], from);
            var last = found[^1].Score;
            var beside = found.Length < count ? [] : await redis.GetDatabase().SortedSetRangeByScoreAsync(lane, last, last);
            return (found.Select(entry => entry.Element).Union(beside).Select(member => MessageKey.Parse(member!)).ToArray(), last);
        });

    /// <summary>How many messages wait in a lane at a place and before it.</summary>
    /// <exception cref="StoreFault">The store did not answer.</exception>
    public Task<long> CountUpTo(Channel channel, Priority priority, double place) =>
        StoreFault.Guard(() => redis.GetDatabase().SortedSetLengthAsync(keys.Lane(channel, priority), max: place));

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
