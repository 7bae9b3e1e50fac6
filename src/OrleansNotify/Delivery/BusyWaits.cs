using OrleansNotify.Users;

namespace OrleansNotify.Delivery;

/// <summary>
/// When a message that was asked to come later comes: as the provider asks, within bounds that grow with each in a row; where it names no
/// time after the delays of the backoff, then doubling to ten minutes, and from an hour after the first in a row on to four hours.
/// </summary>
internal static class BusyWaits
{
    private static readonly TimeSpan Later = TimeSpan.FromHours(1), Most = TimeSpan.FromMinutes(10), MostLater = TimeSpan.FromHours(4);

    /// <summary>The least wait, without jitter.</summary>
    /// <param name="tally">The channel's, before this answer.</param>
    /// <param name="given">Whether the provider names a time.</param>
    /// <param name="since">How long ago the first in a row was.</param>
    public static TimeSpan Least(Tally tally, bool given, TimeSpan since)
    {
        if (!tally.IsBusy) return given ? Pauses.Shortest : Backoff.Base(tally.Attempts + 1);
        var (doubled, most) = (tally.BusyWait * 2, since < Later ? Most : MostLater);
        return doubled < most ? doubled : most;
    }

    /// <summary>The wait.</summary>
    public static TimeSpan Of(TimeSpan? given, TimeSpan least, double chance) =>
        given is { } asked ? Pauses.Clamp(asked, least) : least * (1 + 0.1 * chance);
}
