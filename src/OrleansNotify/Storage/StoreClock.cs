using StackExchange.Redis;

namespace OrleansNotify.Storage;

/// <summary>
/// The store's clock as this silo knows it: the newest time that the store answered, carried on by the silo's monotonic clock.
/// </summary>
internal sealed class StoreClock(TimeProvider clock, bool storeFollowsClock = false)
{
    private readonly Lock _gate = new();
    private DateTimeOffset _time = clock.GetUtcNow();
    private long _at = clock.GetTimestamp();
    private bool _observed;

    /// <summary>The store's time now. Goes neither backwards nor, on a silo whose wall clock is wrong, with the wall clock.</summary>
    public DateTimeOffset Now
    {
        get { lock (_gate) return _time + clock.GetElapsedTime(_at); }
    }

    /// <summary>What a script is told to take as its time: empty for the store's own clock; a test's clock where the store follows that.</summary>
    public RedisValue ForScript => storeFollowsClock ? ToMicroseconds(clock.GetUtcNow()) : RedisValue.EmptyString;

    /// <summary>Takes note of a time that the store has answered.</summary>
    public void Observe(DateTimeOffset time)
    {
        var at = clock.GetTimestamp();
        lock (_gate)
        {
            // The answer was on its way for a while: an earlier one, carried on, may be nearer to the truth.
            if (_observed && _time + clock.GetElapsedTime(_at, at) > time) return;
            (_time, _at, _observed) = (time, at, true);
        }
    }

    public static long ToMicroseconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset FromMicroseconds(long microseconds) => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);
}
