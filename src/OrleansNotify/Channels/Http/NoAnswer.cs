using OrleansNotify.Delivery;

namespace OrleansNotify.Channels.Http;

/// <summary>What a request means that ended without an answer.</summary>
internal static class NoAnswer
{
    /// <summary>Reads such an end.</summary>
    /// <param name="written">Whether the request began to be written.</param>
    /// <param name="turnOver">Whether the turn was over before that.</param>
    /// <param name="timedOut">Whether the hard end came.</param>
    /// <param name="connectFailed">Of a request that was withdrawn: whether connecting has failed lately, for whomever it was.</param>
    public static Outcome Read(bool written, bool turnOver, bool timedOut, bool connectFailed) => (written, turnOver) switch
    {
        (true, _) => new Outcome { Kind = OutcomeKind.Unknown, Reason = timedOut ? "timeout" : "cut" },
        (_, true) => new Outcome { Kind = OutcomeKind.Withdrawn, ConnectFailed = connectFailed },
        _ => new Outcome { Kind = OutcomeKind.Retry, Reason = timedOut ? "timeout" : "connect", ConnectFailed = true },
    };
}
