using OrleansNotify.Users;

namespace OrleansNotify.Delivery;

/// <summary>Says whether an attempt that the agenda looks at has ended without its outcome having been stored.</summary>
internal static class AttemptLooks
{
    /// <summary>An outcome that is not stored by this long after the hard end is not waited for.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <param name="attempt">The attempt as it was begun.</param>
    /// <param name="silo">The silo that looks.</param>
    /// <param name="isAlive">Whether the attempt's silo is in the membership and not dead.</param>
    /// <param name="held">Whether the looking silo's table has the attempt.</param>
    /// <param name="hasOutcome">Whether it has its outcome.</param>
    /// <param name="now">The store's time.</param>
    public static bool HasEnded(Attempt attempt, string silo, bool isAlive, bool held, bool hasOutcome, DateTimeOffset now) =>
        !isAlive || (attempt.Silo == silo && !held) || (now >= attempt.HardEnd + Grace && !hasOutcome);
}
