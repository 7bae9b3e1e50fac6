using OrleansNotify.Delivery;
using OrleansNotify.Users;

namespace OrleansNotify.Tests.Delivery;

public sealed class BusyWaitsTests
{
    [Theory]
    [InlineData(0, 1), InlineData(-5, 1), InlineData(42, 42), InlineData(172_800, 3600)]
    public void A_given_wait_is_at_least_a_second_and_at_most_an_hour(double seconds, int heeded) =>
        Assert.Equal(TimeSpan.FromSeconds(heeded), BusyWaits.Of(TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(1), chance: 0.5));

    [Fact]
    public void A_date_in_the_year_9999_is_an_hour()
    {
        Assert.Equal(TimeSpan.FromHours(1), Pauses.Clamp(DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch));
        Assert.Equal(TimeSpan.FromHours(1), Pauses.Clamp(TimeSpan.MaxValue, TimeSpan.FromHours(4)));
    }

    [Fact]
    public void With_each_in_a_row_the_least_wait_grows_so_that_0_is_no_storm()
    {
        Assert.Equal([1, 2, 4, 8, 16, 32, 64], Waits(TimeSpan.Zero, TimeSpan.Zero).Take(7));
        Assert.Equal([10, 10, 10, 10, 16, 32], Waits(TimeSpan.FromSeconds(10), TimeSpan.Zero).Take(6));
        // Ninety of them within a day, not a thousand within five seconds.
        Assert.InRange(Waits(TimeSpan.Zero, TimeSpan.Zero).Take(90).Sum(), 86_400 / 2, 10 * 86_400);
    }

    [Fact]
    public void Where_none_is_given_it_is_that_of_the_backoff_then_doubles_to_ten_minutes_and_after_an_hour_to_four_hours()
    {
        var waits = Waits(null, TimeSpan.Zero).Take(22).ToList();
        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600, 600, 600, 600], waits.Take(15));
        Assert.Equal([1200, 2400, 4800, 9600, 14400, 14400, 14400], waits.Skip(15));
        Assert.Equal([4, 8, 16, 32], Waits(null, TimeSpan.Zero, attempts: 2).Take(4));
        Assert.Equal(TimeSpan.FromSeconds(10.5), BusyWaits.Of(null, TimeSpan.FromSeconds(10), chance: 0.5));
    }

    private static IEnumerable<double> Waits(TimeSpan? given, TimeSpan after, int attempts = 0)
    {
        for (Tally tally = new() { Channel = Channel.Email, Attempts = attempts }; ;)
        {
            var least = BusyWaits.Least(tally, given is not null, after);
            var wait = BusyWaits.Of(given, least, chance: 0);
            yield return wait.TotalSeconds;
            after += wait;
            tally = tally with { Busies = tally.Busies + 1, BusyWait = least };
        }
    }
}
