using OrleansNotify.Delivery;

namespace OrleansNotify.Channels.Http;

/// <summary>What a request means that ended without an answer.</summary>
internal static class NoAnswer
{
    /// <summary>Reads such an end.</summary>
    /// <param name="written">Whether the request began to be written.</param>
    /// <param name="turnOver">Whether the turn was over before that.</param>
    /// <param name="timedOut">Whether the hard end came.</param>
    /// <param name="connectFailed">
    /// Whether connecting failed lately without anybody waiting for it any more. A turn is shorter than such a failure takes, so it is told by
    /// the next attempt whose own turn passes: else an outage in which packets are dropped would never be seen.
    /// </param>
    public static Outcome Read(bool written, bool turnOver, bool timedOut, bool connectFailed) => (written, turnOver) switch
    {
        (true, _) => new Outcome { Kind = OutcomeKind.Unknown, Reason = timedOut ? "timeout" : "cut", SpeaksOf = SpeaksOf.Either },
        (_, true) when !connectFailed => new Outcome { Kind = OutcomeKind.Withdrawn },
        _ => new Outcome
        {
            Kind = OutcomeKind.Retry,
            Reason = timedOut ? "timeout" : "connect",
            SpeaksOf = SpeaksOf.Channel,
        },
    };
}
