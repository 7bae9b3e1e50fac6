using OrleansNotify.Storage;
using StackExchange.Redis;

namespace OrleansNotify.RateLimiting;

/// <summary>Asks the store for permits.</summary>
internal sealed class PermitStore(IConnectionMultiplexer redis, Keys keys, StoreClock clock)
{
    private static readonly string PermitScript = Script.Read("OrleansNotify.RateLimiting.permit.lua");

    /// <summary>
    /// Takes as many permits as there are, up to a number; campaign messages get at most one at a time. Who wants none takes none, and is
    /// told when there is one.
    /// </summary>
    /// <exception cref="StoreFault">The store did not answer: permits may have been taken, and are then lost.</exception>
    public Task<Grant> Take(Channel channel, RateLimit limit, Priority priority, int wanted) => StoreFault.Guard(async () =>
    {
        RedisValue reserve = RedisValue.EmptyString, spacing = RedisValue.EmptyString, late = RedisValue.EmptyString;
        if (priority == Priority.Campaign) (reserve, spacing, late) = (limit.Reserve, Microseconds(limit.Spacing), Microseconds(limit.Lateness));
        var answer = (RedisValue[])(await redis.GetDatabase().ScriptEvaluateAsync(
            PermitScript,
            [keys.Window(channel)],
            [clock.ForScript, limit.Count, Microseconds(limit.GrantWindow), wanted, reserve, spacing, late]))!;
        var now = StoreClock.FromMicroseconds((long)answer[1]);
        return new Grant((int)answer[0], now + limit.PermitLife, TimeSpan.FromMicroseconds((long)answer[2]));
    });

    private static long Microseconds(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;
}

/// <summary>An answer of the permit script.</summary>
/// <param name="Permits">How many were granted.</param>
/// <param name="GoodUntil">Until when they may be used, by the store's clock; null on a channel without a limit.</param>
/// <param name="AskAgain">When there may be more.</param>
internal readonly record struct Grant(int Permits, DateTimeOffset? GoodUntil, TimeSpan AskAgain);
