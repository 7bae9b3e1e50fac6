using Microsoft.Extensions.Time.Testing;
using OrleansNotify.Storage;

namespace OrleansNotify.Tests.Storage;

public sealed class StoreClockTests
{
    private static readonly DateTimeOffset s_start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly FakeTimeProvider _clock = new(s_start);

    [Fact]
    public void Before_the_store_has_answered_the_wall_clock_stands_in()
    {
        StoreClock clock = new(_clock);
        _clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(s_start.AddSeconds(3), clock.Now);
    }

    [Fact]
    public void An_answer_is_carried_on_by_the_monotonic_clock()
    {
        StoreClock clock = new(_clock);
        clock.Observe(s_start.AddHours(-2));
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(s_start.AddHours(-2).AddSeconds(5), clock.Now);
    }

    [Fact]
    public void An_answer_that_was_long_on_its_way_does_not_turn_the_clock_back()
    {
        StoreClock clock = new(_clock);
        clock.Observe(s_start.AddMinutes(1));
        _clock.Advance(TimeSpan.FromSeconds(1));
        clock.Observe(s_start.AddMinutes(1).AddMilliseconds(400));
        Assert.Equal(s_start.AddMinutes(1).AddSeconds(1), clock.Now);
        clock.Observe(s_start.AddMinutes(2));
        Assert.Equal(s_start.AddMinutes(2), clock.Now);
    }

    [Fact]
    public void A_time_survives_the_way_to_the_store_and_back()
    {
        var time = s_start.AddTicks(12_345_678_90);
        Assert.Equal(time, StoreClock.FromMicroseconds(StoreClock.ToMicroseconds(time)));
    }

    [Fact]
    public void Scripts_take_the_stores_own_time_unless_the_store_follows_a_tests_clock()
    {
        Assert.True(new StoreClock(_clock).ForScript == "");
        Assert.Equal(StoreClock.ToMicroseconds(s_start), (long)new StoreClock(_clock, storeFollowsClock: true).ForScript);
    }
}
