namespace OrleansNotify.Delivery;

/// <summary>How long a provider's wish to come later is heeded: what it gives is a hint, and may be 0, or a date in the year 9999.</summary>
internal static class Pauses
{
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1), Longest = TimeSpan.FromHours(1);

    /// <summary>From how long on a pause puts its channel last in plans: of an urgent message, and of any other.</summary>
    private static readonly TimeSpan LongForUrgent = TimeSpan.FromSeconds(3), Long = TimeSpan.FromSeconds(30);

    /// <summary>As far as the clocks of two silos may be apart.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(1);

    /// <summary>A wait as it is heeded.</summary>
    /// <param name="wait">What the provider asks for.</param>
    /// <param name="least">What it must be at least: more with each in a row.</param>
    public static TimeSpan Clamp(TimeSpan wait, TimeSpan least = default) => TimeSpan.FromTicks(
        Math.Clamp(wait.Ticks, Math.Clamp(least.Ticks, Shortest.Ticks, Longest.Ticks), Longest.Ticks));

    /// <summary>A pause's end, at most an hour away.</summary>
    public static DateTimeOffset Clamp(DateTimeOffset until, DateTimeOffset now) => until - now < Longest ? until : now + Longest;

    /// <summary>
    /// Whether a pause is on. One that ends later than any could was kept when a provider was believed, or by a clock that went back: it is none.
    /// </summary>
    public static bool IsOn(DateTimeOffset? until, DateTimeOffset now) =>
        until is { } end && end > now && end - now <= Longest + Slack;

    /// <summary>Whether other channels go first.</summary>
    public static bool IsLong(TimeSpan wait, bool urgent) => wait > (urgent ? LongForUrgent : Long);
}
