using NodaTime;
using OrleansNotify.Users;

namespace OrleansNotify.Tests.Users;

/// <summary>
/// Each transition is drawn as the local time line: above the local clock, below UTC where it helps; <c>#</c> is quiet, <c>.</c> is not,
/// <c>&gt;&gt;</c> is where the clock is put forward, <c>&lt;&lt;</c> where it is put back.
/// </summary>
public class QuietWindowTests
{
    [Theory]
    [InlineData("22:00", "07:00", "2026-06-10T21:59:59Z", null)]
    [InlineData("22:00", "07:00", "2026-06-10T22:00:00Z", "2026-06-11T07:00:00Z")]
    [InlineData("22:00", "07:00", "2026-06-11T00:00:00Z", "2026-06-11T07:00:00Z")]
    [InlineData("22:00", "07:00", "2026-06-11T06:59:59Z", "2026-06-11T07:00:00Z")]
    [InlineData("22:00", "07:00", "2026-06-11T07:00:00Z", null)]
    [InlineData("13:00", "14:30", "2026-06-11T12:59:59Z", null)]
    [InlineData("13:00", "14:30", "2026-06-11T13:00:00Z", "2026-06-11T14:30:00Z")]
    [InlineData("13:00", "14:30", "2026-06-11T14:30:00Z", null)]
    [InlineData("22:00", "00:00", "2026-06-10T23:00:00Z", "2026-06-11T00:00:00Z")]
    [InlineData("00:00", "07:00", "2026-06-10T23:59:59Z", null)]
    [InlineData("00:00", "07:00", "2026-06-11T00:00:00Z", "2026-06-11T07:00:00Z")]
    [InlineData("09:00", "09:00", "2026-06-11T09:00:00Z", null)]
    public void Start_is_inside_and_end_is_outside(string start, string end, string now, string? expected) =>
        Check("UTC", start, end, now, expected);

    //  New York, 8 March 2026                    Night of 22:00-07:00, one hour shorter
    //  EST 22   23   00   01  >> 03   04 .. 07   EDT
    //       #    #    #    #  ## #    #  #  .
    //  UTC 03   04   05   06     07   08    11
    //
    //  Window 01:30-02:30: its end does not exist, so it ends at 03:00, the first instant after.
    //  Window 02:30-04:00: its start does not exist, so it starts at 03:00.
    //  Window 02:00-03:00: no instant of it exists.
    [Theory]
    [InlineData("22:00", "07:00", "2026-03-08T03:00:00Z", "2026-03-08T11:00:00Z")]
    [InlineData("22:00", "07:00", "2026-03-08T10:59:59Z", "2026-03-08T11:00:00Z")]
    [InlineData("22:00", "07:00", "2026-03-08T11:00:00Z", null)]
    [InlineData("01:30", "02:30", "2026-03-08T06:29:59Z", null)]
    [InlineData("01:30", "02:30", "2026-03-08T06:30:00Z", "2026-03-08T07:00:00Z")]
    [InlineData("01:30", "02:30", "2026-03-08T07:00:00Z", null)]
    [InlineData("02:30", "04:00", "2026-03-08T06:59:59Z", null)]
    [InlineData("02:30", "04:00", "2026-03-08T07:00:00Z", "2026-03-08T08:00:00Z")]
    [InlineData("02:00", "03:00", "2026-03-08T06:59:59Z", null)]
    [InlineData("02:00", "03:00", "2026-03-08T07:00:00Z", null)]
    [InlineData("02:15", "02:45", "2026-03-08T07:00:00Z", null)]
    public void New_York_in_spring(string start, string end, string now, string? expected) =>
        Check("America/New_York", start, end, now, expected);

    //  New York, 1 November 2026                 Window 01:15-01:45: from the earlier start to the later end
    //  EDT 00   01 01:15  << 01 01:15 01:45 02   EST
    //       .    .  ####  ##  # #####   .   .
    //  UTC 04   05 05:15    06 06:15 06:45 07
    [Theory]
    [InlineData("22:00", "07:00", "2026-11-01T02:00:00Z", "2026-11-01T12:00:00Z")]
    [InlineData("01:15", "01:45", "2026-11-01T05:14:59Z", null)]
    [InlineData("01:15", "01:45", "2026-11-01T05:15:00Z", "2026-11-01T06:45:00Z")]
    [InlineData("01:15", "01:45", "2026-11-01T05:50:00Z", "2026-11-01T06:45:00Z")]
    [InlineData("01:15", "01:45", "2026-11-01T06:00:00Z", "2026-11-01T06:45:00Z")]
    [InlineData("01:15", "01:45", "2026-11-01T06:45:00Z", null)]
    [InlineData("22:00", "01:30", "2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z")]
    [InlineData("22:00", "01:30", "2026-11-01T06:30:00Z", null)]
    [InlineData("01:30", "05:00", "2026-11-01T05:30:00Z", "2026-11-01T10:00:00Z")]
    public void New_York_in_autumn(string start, string end, string now, string? expected) =>
        Check("America/New_York", start, end, now, expected);

    //  New York, 1 November 2026                 Window 01:30-01:15, all of the day but a quarter of an hour
    //  EDT 00   01  01:15 01:30  << 01  01:15 01:30   EST
    //       #    #    .   #####  ## #   ####  ####
    //  UTC 04   05  05:15 05:30     06  06:15 06:30
    //
    //  The later end (06:15) lies after the earlier start (05:30). The user keeps the first quarter of an hour.
    [Theory]
    [InlineData("2026-10-31T06:00:00Z", "2026-11-01T05:15:00Z")]
    [InlineData("2026-11-01T05:15:00Z", null)]
    [InlineData("2026-11-01T05:29:59Z", null)]
    [InlineData("2026-11-01T05:30:00Z", "2026-11-02T06:15:00Z")]
    [InlineData("2026-11-01T06:20:00Z", "2026-11-02T06:15:00Z")]
    public void A_window_of_almost_a_day_leaves_its_free_minutes_in_autumn_too(string now, string? expected) =>
        Check("America/New_York", "01:30", "01:15", now, expected);

    //  Berlin, 29 March and 25 October 2026
    //  CET 01  >> 03   CEST            CEST 02   << 02   03   CET
    //       #  ## .                          #   ## #    .
    //  UTC 00     01                   UTC  00      01   02
    [Theory]
    [InlineData("23:00", "02:30", "2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z")]
    [InlineData("23:00", "02:30", "2026-03-29T01:00:00Z", null)]
    [InlineData("23:00", "02:30", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z")]
    [InlineData("23:00", "02:30", "2026-10-25T01:29:00Z", "2026-10-25T01:30:00Z")]
    [InlineData("23:00", "02:00", "2026-10-24T23:59:00Z", "2026-10-25T01:00:00Z")]
    [InlineData("23:00", "03:00", "2026-10-25T01:30:00Z", "2026-10-25T02:00:00Z")]
    public void Berlin(string start, string end, string now, string? expected) =>
        Check("Europe/Berlin", start, end, now, expected);

    //  Dublin, 25 October 2026: in the law it is winter that is the exception, with a negative saving
    //  IST 01   << 01   02   GMT
    //       #   ## #    .
    //  UTC 00      01   02
    [Theory]
    [InlineData("23:00", "01:30", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z")]
    [InlineData("23:00", "01:30", "2026-10-25T01:30:00Z", null)]
    [InlineData("23:00", "01:30", "2026-03-29T00:59:00Z", "2026-03-29T01:00:00Z")]
    public void Dublin(string start, string end, string now, string? expected) =>
        Check("Europe/Dublin", start, end, now, expected);

    //  Amman, 25 February 2022: the clock goes forward at midnight (it was the last time)
    //  EET 22   23  >> 01   02   EEST
    //       #    #  ## #    .
    //  UTC 20   21     22   23
    [Theory]
    [InlineData("22:00", "00:30", "2022-02-24T21:00:00Z", "2022-02-24T22:00:00Z")]
    [InlineData("22:00", "00:00", "2022-02-24T21:59:59Z", "2022-02-24T22:00:00Z")]
    [InlineData("22:00", "00:30", "2022-02-24T22:00:00Z", null)]
    [InlineData("00:00", "02:00", "2022-02-24T21:59:59Z", null)]
    [InlineData("00:00", "02:00", "2022-02-24T22:00:00Z", "2022-02-24T23:00:00Z")]
    public void Amman(string start, string end, string now, string? expected) => Check("Asia/Amman", start, end, now, expected);

    //  Cairo, 24 April 2026: 00:00-01:00 does not exist; 30 October 2026: 23:00-24:00 comes twice
    //  EET 23  >> 01   EEST            EEST 22  23   << 23   00   EET
    //       .  ## .                          .   #   ## #    .
    //  UTC 21     22                   UTC  19  20      21   22
    [Theory]
    [InlineData("00:00", "01:00", "2026-04-23T21:59:59Z", null)]
    [InlineData("00:00", "01:00", "2026-04-23T22:00:00Z", null)]
    [InlineData("00:00", "01:00", "2026-04-24T21:00:00Z", "2026-04-24T22:00:00Z")]
    [InlineData("23:00", "00:00", "2026-10-29T20:00:00Z", "2026-10-29T22:00:00Z")]
    [InlineData("23:00", "00:00", "2026-10-29T21:00:00Z", "2026-10-29T22:00:00Z")]
    public void Cairo(string start, string end, string now, string? expected) => Check("Africa/Cairo", start, end, now, expected);

    //  Lord Howe, 4 October and 5 April 2026: half an hour
    //  LHST 01:30 >> 02:30 LHDT         LHDT 01:30 << 01:30  02:00 LHST
    //         #   ##  .                        #   ##   #      .
    //  UTC  15:00   15:30               UTC  14:30    15:00  15:30
    [Theory]
    [InlineData("22:00", "02:15", "2026-10-03T15:29:59Z", "2026-10-03T15:30:00Z")]
    [InlineData("22:00", "02:15", "2026-10-03T15:30:00Z", null)]
    [InlineData("22:00", "01:45", "2026-04-04T14:45:00Z", "2026-04-04T15:15:00Z")]
    [InlineData("22:00", "01:45", "2026-04-04T15:15:00Z", null)]
    public void Lord_Howe(string start, string end, string now, string? expected) =>
        Check("Australia/Lord_Howe", start, end, now, expected);

    //  Apia went over the date line: after 29 December 2011 came the 31st
    //  29 December 22   23  >> 31 December 00   ..   07
    //               #    #  ##             #     #   .
    //  30 December UTC 08  09              10        17
    [Theory]
    [InlineData("22:00", "07:00", "2011-12-30T08:00:00Z", "2011-12-30T17:00:00Z")]
    [InlineData("22:00", "07:00", "2011-12-30T10:00:00Z", "2011-12-30T17:00:00Z")]
    [InlineData("22:00", "07:00", "2011-12-30T17:00:00Z", null)]
    [InlineData("12:00", "13:00", "2011-12-30T10:00:00Z", null)]
    [InlineData("07:00", "06:59", "2011-12-29T18:00:00Z", "2011-12-30T16:59:00Z")]
    public void Apia_without_a_30th_of_December(string start, string end, string now, string? expected) =>
        Check("Pacific/Apia", start, end, now, expected);

    //  St John's, 7 November 2010: at 00:01 the clock was put back to 23:01 of the day before
    //  NDT 23  00:00 00:01 << 23:01  00:00   01   NST
    //       .    #         ##   #      #     .
    //  UTC 01:30 02:30       02:31  03:30   04:30
    [Theory]
    [InlineData("00:00", "01:00", "2010-11-07T02:29:59Z", null)]
    [InlineData("00:00", "01:00", "2010-11-07T02:30:00Z", "2010-11-07T04:30:00Z")]
    [InlineData("00:00", "01:00", "2010-11-07T02:31:00Z", "2010-11-07T04:30:00Z")]
    public void A_clock_put_back_over_midnight(string start, string end, string now, string? expected) =>
        Check("America/St_Johns", start, end, now, expected);

    [Fact]
    public void Quiet_hours_that_are_off_hold_nothing() =>
        Assert.Null(QuietWindow.EndsAt(new QuietHours { Enabled = false }, Time("2026-06-10T23:00:00Z")));

    [Fact]
    public void A_zone_that_the_data_does_not_know_holds_nothing() =>
        Assert.Null(QuietWindow.EndsAt(new QuietHours { Enabled = true, TimeZone = "Mars/Olympus" }, Time("2026-06-10T23:00:00Z")));

    [Fact]
    public void The_offset_in_which_now_is_given_does_not_matter() =>
        Check("UTC", "22:00", "07:00", "2026-06-11T01:00:00+03:00", "2026-06-11T07:00:00Z");

    [Theory]
    [InlineData("Europe/London", true)]
    [InlineData("UTC", true)]
    [InlineData("Asia/Calcutta", true)]
    [InlineData("europe/london", false)]
    [InlineData("UTC+05:30", false)]
    [InlineData("Pacific Standard Time", false)]
    [InlineData("../Europe/London", false)]
    [InlineData("Europe/London ", false)]
    [InlineData("", false)]
    public void A_zone_is_an_id_of_the_IANA_database(string id, bool expected) => Assert.Equal(expected, QuietWindow.IsZone(id));

    [Fact]
    public void Every_zone_of_the_database_is_one() => Assert.All(DateTimeZoneProviders.Tzdb.Ids, id => Assert.True(QuietWindow.IsZone(id)));

    private static void Check(string zone, string start, string end, string now, string? expected)
    {
        QuietHours hours = new() { Enabled = true, Start = Clock(start), End = Clock(end), TimeZone = zone };
        var actual = QuietWindow.EndsAt(hours, Time(now));
        Assert.Equal(expected is null ? null : Time(expected), actual);
        if (actual is { } at) Assert.Equal(TimeSpan.Zero, at.Offset);
    }

    private static TimeOnly Clock(string text) => TimeOnly.ParseExact(text, "HH:mm");

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
