namespace OrleansNotify.RateLimiting;

/// <summary>The order of a lane: by arrival, urgent messages as if they had come ten days earlier, which is longer than any message can wait.</summary>
internal static class LaneOrder
{
    private static readonly TimeSpan UrgentLead = TimeSpan.FromDays(10), LongestWait = TimeSpan.FromDays(9);

    /// <summary>A message's place, in milliseconds of the store's clock.</summary>
    public static long ScoreOf(DateTimeOffset arrival, bool urgent) => (urgent ? arrival - UrgentLead : arrival).ToUnixTimeMilliseconds();

    /// <summary>How long the message at a place has waited.</summary>
    public static TimeSpan AgeOf(double score, DateTimeOffset now)
    {
        var age = now - DateTimeOffset.FromUnixTimeMilliseconds((long)score);
        if (age > LongestWait) age -= UrgentLead;
        return age > TimeSpan.Zero ? age : TimeSpan.Zero;
    }
}
