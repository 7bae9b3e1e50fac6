using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;

namespace OrleansNotify.Tests.Stores;

/// <summary>
/// A test's clock as Orleans' reminders see it: ahead of it by some part of a millisecond, another one at each look. Orleans waits for a time
/// in a loop of delays, which are whole milliseconds: on a clock that stands still, the rest of one would be waited for by spinning for ever.
/// </summary>
internal sealed class ReminderClock(FakeTimeProvider clock) : TimeProvider
{
    public override long TimestampFrequency => clock.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => clock.LocalTimeZone;

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow().AddTicks(Stopwatch.GetTimestamp() % TimeSpan.TicksPerMillisecond);

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        clock.CreateTimer(callback, state, dueTime, period);
}
