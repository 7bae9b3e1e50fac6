namespace OrleansNotify.Benchmarks.Rules;

/// <summary>Counts arrivals in windows of time.</summary>
internal static class Windows
{
    /// <summary>The most arrivals that any window of this length holds, wherever it begins.</summary>
    public static int Most(IEnumerable<DateTimeOffset> arrivals, TimeSpan window)
    {
        DateTimeOffset[] sorted = [.. arrivals.Order()];
        var (most, first) = (0, 0);
        for (var last = 0; last < sorted.Length; last++)
        {
            while (sorted[last] - sorted[first] >= window) first++;
            most = Math.Max(most, last - first + 1);
        }

        return most;
    }

    /// <summary>
    /// Arrivals a second over the longest time from one moment to another that is a whole number of periods: what comes in bursts, one a
    /// period, is counted neither too high nor too low. Null if there is no whole period.
    /// </summary>
    public static double? PerSecond(IReadOnlyCollection<DateTimeOffset> arrivals, DateTimeOffset from, DateTimeOffset to, TimeSpan period)
    {
        var length = Math.Floor((to - from) / period) * period;
        return length == TimeSpan.Zero ? null : arrivals.Count(at => at >= from && at < from + length) / length.TotalSeconds;
    }
}
