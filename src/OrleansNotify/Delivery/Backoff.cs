namespace OrleansNotify.Delivery;

/// <summary>When to try again after a failure: 1, 2, 4, 8, 16 s, and at most 10 % later, so that many do not come back as one.</summary>
internal static class Backoff
{
    private static readonly double[] Seconds = [1, 2, 4, 8, 16];

    /// <summary>The first attempt and five retries.</summary>
    public const int WholeSchedule = 6;

    /// <summary>How many attempts a channel gets while another one of the plan is left.</summary>
    public static int EarlyEnd(Channel channel) => channel == Channel.Push ? 2 : 3;

    /// <param name="attempts">How many attempts have failed, from 1; beyond the schedule the last delay stands.</param>
    /// <param name="chance">From 0 to below 1.</param>
    public static TimeSpan After(int attempts, double chance) => Base(attempts) * (1 + 0.1 * chance);

    /// <summary>The delay without its jitter.</summary>
    public static TimeSpan Base(int attempts) => TimeSpan.FromSeconds(Seconds[Math.Clamp(attempts, 1, Seconds.Length) - 1]);
}
