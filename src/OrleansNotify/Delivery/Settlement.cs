using OrleansNotify.Users;

namespace OrleansNotify.Delivery;

/// <summary>Says what an attempt's outcome does to its message. What follows then is for <see cref="Decision"/> to say.</summary>
internal static class Settlement
{
    /// <summary>A third of these ends the patience: unknown outcomes on a channel, refusals of a message, silos lost with it.</summary>
    private const int Third = 3;

    /// <summary>What the outcome comes to for this message: a third refusal says whose fault it was, a second move that the chat is gone.</summary>
    public static OutcomeKind Resolve(
        Message message, Channel channel, Outcome outcome, Func<Channel, DateTimeOffset, bool> sentToOthersSince) => outcome switch
        {
            { Kind: OutcomeKind.Refused, OnTrial: false } when message.Refusals + 1 >= Third =>
                outcome.OfAddress && sentToOthersSince(channel, message.RefusedSince!.Value) ? OutcomeKind.AddressGone : OutcomeKind.Rejected,
            { NewChatId: not null } when message.Moved => OutcomeKind.AddressGone,
            _ => outcome.Kind,
        };

    /// <summary>The message after an attempt ended, with the attempt in its timeline; and its end, where that is certain by now.</summary>
    public static (Message Message, Next.End? End) Apply(
        Message message, Attempt attempt, Outcome outcome, TimeSpan? duration, Situation at, bool siloLost = false)
    {
        var kind = Resolve(message, attempt.Channel, outcome, at.SentToOthersSince);
        var ended = (message with
        {
            Running = null,
            Channel = kind == OutcomeKind.Sent ? attempt.Channel : message.Channel,
            LastReason = kind == OutcomeKind.Sent ? message.LastReason : outcome.Reason,
            RejectedDevices = [.. message.RejectedDevices.Union(Rejected(outcome))],
        }).With(EventOf(attempt, outcome, kind, duration, at));
        if (kind == OutcomeKind.Sent) return (ended, new Next.End(MessageStatus.Sent, null));

        var lost = siloLost ? ended.SilosLost + 1 : ended.SilosLost;
        ended = Count(ended with { SilosLost = lost }, attempt.Channel, kind, outcome, at);
        return (ended, lost >= Third ? new Next.End(MessageStatus.DeadLettered, Reasons.Poison) : null);
    }

    private static Message Count(Message message, Channel channel, OutcomeKind kind, Outcome outcome, Situation at)
    {
        var tally = message.TallyOf(channel);
        if (outcome.OnTrial && Outcome.CountsAsFailure(kind)) return FailedTrial(message, tally, at);
        switch (kind)
        {
            case OutcomeKind.Busy:
                var wait = outcome.RetryAfter ?? Backoff.After(tally.Attempts + 1, at.Chance);
                return (message with { Moved = message.Moved || outcome.NewChatId is not null }).With(tally with { NotBefore = at.Now + wait });
            case OutcomeKind.ChannelFault:
                // The circuit is open by now, and the message waits for it or for its next channel.
                return message.With(tally);
            case OutcomeKind.Rejected or OutcomeKind.AddressGone:
                return message.With(tally with { GivenUp = true });
            default:
                return Failed(message, tally, kind, at);
        }
    }

    // The next channel at once, where there is one; else the message waits for the circuit like all others.
    private static Message FailedTrial(Message message, Tally tally, Situation at)
    {
        DateTimeOffset? setBack = OthersLeft(message, tally.Channel, at) ? at.Now + Decision.LongWait + TimeSpan.FromSeconds(1) : null;
        return message.With(tally with { NotBefore = setBack });
    }

    private static bool OthersLeft(Message message, Channel channel, Situation at) =>
        Decision.PlanOf(message, at).Plan.Any(other => other != channel);

    private static Message Failed(Message message, Tally tally, OutcomeKind kind, Situation at)
    {
        if (kind == OutcomeKind.Refused)
            message = message with { Refusals = message.Refusals + 1, RefusedSince = message.RefusedSince ?? at.Now };
        var attempts = tally.Attempts + 1;
        var unknowns = tally.Unknowns + (kind == OutcomeKind.Unknown ? 1 : 0);
        var most = OthersLeft(message, tally.Channel, at) ? Backoff.EarlyEnd(tally.Channel) : Backoff.WholeSchedule;
        return message.With(tally with
        {
            Attempts = attempts,
            Unknowns = unknowns,
            GivenUp = attempts >= most || unknowns >= Third,
            NotBefore = at.Now + Backoff.After(attempts, at.Chance),
        });
    }

    private static IEnumerable<string> Rejected(Outcome outcome) =>
        outcome.Devices.Where(device => device.Kind == OutcomeKind.Rejected).Select(device => device.SubscriptionId);

    private static MessageEvent EventOf(Attempt attempt, Outcome outcome, OutcomeKind kind, TimeSpan? duration, Situation at) => new()
    {
        At = at.Now,
        Type = MessageEventType.Attempt,
        Channel = attempt.Channel,
        Outcome = Name(kind),
        Detail = outcome.Detail ?? outcome.Reason,
        ProviderId = outcome.ProviderId,
        DurationMs = (int?)duration?.TotalMilliseconds,
        MaybeDuplicate = kind == OutcomeKind.Unknown,
    };

    public static string Name(OutcomeKind kind) => kind switch
    {
        OutcomeKind.Sent => "sent",
        OutcomeKind.Busy => "busy",
        OutcomeKind.Retry => "retry",
        OutcomeKind.Unknown => "unknown",
        OutcomeKind.Refused => "refused",
        OutcomeKind.Rejected => "rejected",
        OutcomeKind.AddressGone => "address_gone",
        _ => "channel_fault",
    };
}
