using System.Collections.Frozen;
using NodaTime;
using NodaTime.TimeZones;

namespace OrleansNotify.Users;

/// <summary>
/// When a user's quiet hours end. Each local date has one window, from the instant of its start to the instant of its end, so a clock that is
/// put back neither opens a window twice nor wakes anybody in between. A time that a change of the clock skips is the first instant that
/// exists after it; of a time that comes twice, the window starts at the earlier and ends at the later occurrence.
/// </summary>
internal static class QuietWindow
{
    private static readonly ZoneLocalMappingResolver Earlier =
        Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnStartOfIntervalAfter);

    private static readonly ZoneLocalMappingResolver Later =
        Resolvers.CreateMappingResolver(Resolvers.ReturnLater, Resolvers.ReturnStartOfIntervalAfter);

    private static readonly FrozenSet<string> Zones = DateTimeZoneProviders.Tzdb.Ids.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether this is a zone of the IANA database, written as there. The provider itself also takes <c>UTC+05:30</c> and the like.</summary>
    public static bool IsZone(string id) => Zones.Contains(id);

    /// <summary>The instant at which the quiet hours that <paramref name="now"/> lies in end, in UTC; null when it lies in none.</summary>
    public static DateTimeOffset? EndsAt(QuietHours hours, DateTimeOffset now)
    {
        if (!hours.Enabled || hours.Start == hours.End) return null;
        // In a rolling upgrade the zone may be one that only the newer silos' data has; a message that is not held then is the lesser harm.
        if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(hours.TimeZone) is not { } zone) return null;

        var at = Instant.FromDateTimeOffset(now);
        var today = at.InZone(zone).Date;
        Instant? end = null;
        // Two days either way: a clock put back over midnight, or a date that is left out, moves a window's instants away from its date.
        // Windows that touch, as around a date that is left out, are one.
        for (var day = -2; day <= 2; day++)
        {
            var window = On(today.PlusDays(day), hours, zone);
            if (window.Start <= (end ?? at) && (end ?? at) < window.End) end = window.End;
        }

        return end?.ToDateTimeOffset();
    }

    private static (Instant Start, Instant End) On(LocalDate date, QuietHours hours, DateTimeZone zone)
    {
        var start = date + LocalTime.FromTimeOnly(hours.Start);
        var end = date.PlusDays(hours.End > hours.Start ? 0 : 1) + LocalTime.FromTimeOnly(hours.End);
        var last = At(end, Later);
        // A window of almost a whole day would run into the next one, and the day would have no minute left to be heard in.
        return (At(start, Earlier), last > At(start.PlusDays(1), Earlier) ? At(end, Earlier) : last);

        Instant At(LocalDateTime local, ZoneLocalMappingResolver resolver) => zone.ResolveLocal(local, resolver).ToInstant();
    }
}
