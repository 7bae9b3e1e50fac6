using CsCheck;
using NodaTime;
using OrleansNotify.Users;

namespace OrleansNotify.Tests.Users;

/// <summary>Over every zone, any window, and instants of which most lie near a change of the clock.</summary>
public class QuietWindowPropertyTests
{
    private const long Minute = 60;
    private static readonly Instant From = Instant.FromUtc(1980, 1, 1, 0, 0);
    private static readonly Instant To = Instant.FromUtc(2038, 1, 1, 0, 0);
    private static readonly long Minutes = (long)(To - From).TotalMinutes;

    private static readonly (string Id, Instant[] Changes)[] Zones =
        [.. DateTimeZoneProviders.Tzdb.Ids.Select(id => (id, Changes(DateTimeZoneProviders.Tzdb[id])))];

    private static readonly Gen<TimeOnly> Clock = Gen.OneOf(Gen.Int[0, 1439], Gen.Int[0, 180], Gen.Int[1380, 1439])
        .Select(minute => new TimeOnly(minute / 60, minute % 60));

    private static readonly Gen<(string Zone, Instant Now)> Moment =
        from zone in Gen.Int[0, Zones.Length - 1].Select(i => Zones[i])
        from anywhere in Gen.Long[0, Minutes]
        from near in Gen.Long[-36 * 60, 36 * 60]
        from which in Gen.Int[0, int.MaxValue]
        from often in Gen.Int[0, 3]
        select (zone.Id, often == 0 || zone.Changes.Length == 0
            ? From.Plus(Duration.FromMinutes(anywhere))
            : zone.Changes[which % zone.Changes.Length].Plus(Duration.FromMinutes(near)));

    private static readonly Gen<(QuietHours Hours, DateTimeOffset Now)> Case =
        from moment in Moment
        from start in Clock
        from end in Gen.OneOf(Clock, Gen.Int[-90, 90].Select(minutes => start.AddMinutes(minutes)))
        select (new QuietHours { Enabled = true, Start = start, End = end, TimeZone = moment.Zone }, moment.Now.ToDateTimeOffset());

    [Fact]
    public void The_end_lies_after_now_within_48_hours_and_in_no_window() => Case.Sample(c =>
    {
        if (QuietWindow.EndsAt(c.Hours, c.Now) is not { } end) return;
        Assert.True(end > c.Now);
        Assert.True(end - c.Now <= TimeSpan.FromHours(48));
        Assert.Null(QuietWindow.EndsAt(c.Hours, end));
    }, iter: 20_000);

    [Fact]
    public void Every_instant_until_the_end_has_the_same_end() =>
        Gen.Select(Case, Gen.Double[0, 1]).Sample((c, part) =>
        {
            if (QuietWindow.EndsAt(c.Hours, c.Now) is not { } end) return;
            var between = c.Now + ((end - c.Now - TimeSpan.FromTicks(1)) * part);
            Assert.Equal(end, QuietWindow.EndsAt(c.Hours, between));
        }, iter: 20_000);

    [Fact]
    public void It_agrees_with_walking_the_wall_clock_minute_by_minute() => Case.Sample(c =>
        Assert.Equal(Walk(c.Hours, c.Now), QuietWindow.EndsAt(c.Hours, c.Now)), iter: 1_500);

    /// <summary>
    /// The same rule without any resolving of local times: reads the wall clock at every minute around <paramref name="now"/>. A window starts
    /// when the clock first shows its start or more, and ends when it shows its end for the last time, or, where it skips that, more for good.
    /// </summary>
    private static DateTimeOffset? Walk(QuietHours hours, DateTimeOffset now)
    {
        if (hours.Start == hours.End) return null;
        var zone = DateTimeZoneProviders.Tzdb[hours.TimeZone];
        var origin = now.ToUnixTimeSeconds() - (4 * 1440 * Minute);
        var wall = Enumerable.Range(0, 9 * 1440)
            .Select(i => (origin + (i * Minute) + zone.GetUtcOffset(Instant.FromUnixTimeSeconds(origin + (i * Minute))).Seconds) / Minute)
            .ToArray();
        var quiet = new bool[wall.Length];
        for (var day = wall[4 * 1440] / 1440 - 2; day <= wall[4 * 1440] / 1440 + 2; day++)
        {
            var from = FirstAtLeast(day * 1440 + Of(hours.Start));
            var end = (day + (hours.End > hours.Start ? 0 : 1)) * 1440 + Of(hours.End);
            var until = Math.Max(Array.FindLastIndex(wall, shown => shown < end) + 1, Array.LastIndexOf(wall, end));
            if (until > FirstAtLeast((day + 1) * 1440 + Of(hours.Start))) until = FirstAtLeast(end);
            for (var i = from; i < until; i++) quiet[i] = true;
        }

        var at = 4 * 1440;
        while (quiet[at]) at++;
        return at == 4 * 1440 ? null : DateTimeOffset.FromUnixTimeSeconds(origin + (at * Minute));

        int FirstAtLeast(long shows) => Array.FindIndex(wall, shown => shown >= shows);
        static long Of(TimeOnly clock) => (clock.Hour * 60) + clock.Minute;
    }

    private static Instant[] Changes(DateTimeZone zone) =>
        [.. zone.GetZoneIntervals(From, To).Where(i => i.HasStart && i.Start > From).Select(i => i.Start)];
}
