using OrleansNotify.Users;

namespace OrleansNotify.Delivery;

/// <summary>Says what an attempt's outcome does to its message. What follows then is for <see cref="Decision"/> to say.</summary>
internal static class Settlement
{
    /// <summary>A third of these ends the patience: unknown outcomes on a channel, refusals by one, silos lost with it.</summary>
    private const int Third = 3;

    /// <summary>
    /// What the outcome comes to for this message: a second move means that the chat is gone; and a third refusal of a message, or any of an
    /// address that has refused others, says whose fault it is. It is the person's, or the message's, where the provider has taken something
    /// for somebody else since it last refused this message; a provider that refuses everybody is asked again later.
    /// </summary>
    public static OutcomeKind Resolve(
        Message message, Channel channel, Outcome outcome, Profile profile, Func<Channel, DateTimeOffset, bool> sentToOthersSince)
    {
        if (outcome.NewChatId is not null && message.Moved) return OutcomeKind.AddressGone;
        if (outcome.Kind != OutcomeKind.Refused || outcome.BlamesNobody) return outcome.Kind;
        var tally = message.TallyOf(channel);
        if (tally.Refusals + 1 < Third && !profile.IsRefused(channel, outcome.Address, message.Id)) return OutcomeKind.Refused;
        if (tally.RefusedAt is not { } before || !sentToOthersSince(channel, before)) return OutcomeKind.Busy;
        return outcome.SpeaksOf == SpeaksOf.Recipient ? OutcomeKind.AddressGone : OutcomeKind.Rejected;
    }

    /// <summary>The message after an attempt ended, with the attempt in its timeline; and its end, where that is certain by now.</summary>
    public static (Message Message, Next.End? End) Apply(
        Message message, Attempt attempt, Outcome outcome, TimeSpan? duration, Situation at, bool siloLost = false)
    {
        var kind = Resolve(message, attempt.Channel, outcome, at.Profile, at.SentToOthersSince);
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
        var others = Decision.HasOther(message, channel, Decision.PlanOf(message, at).Plan, at);
        var tally = message.TallyOf(channel) with { Reason = outcome.Reason };
        if (outcome.Kind == OutcomeKind.Refused && !outcome.BlamesNobody) tally = tally with { Refusals = tally.Refusals + 1, RefusedAt = at.Now };
        if (outcome.NewChatId is not null && kind == OutcomeKind.Busy)
            return (message with { Moved = true }).With(Again(tally));
        tally = kind switch
        {
            OutcomeKind.Busy => Busy(tally, outcome, message.Urgent, others, at),
            OutcomeKind.Unknown => Failed(tally, kind, others, at),
            OutcomeKind.Rejected => tally with { GivenUp = true },
            // The circuit is open, or has just been closed by what was said of this recipient, whom the next attempt is about.
            _ when outcome.BlamesNobody => Again(tally),
            OutcomeKind.AddressGone => tally with { GivenUp = true },
            // The circuit is open by now, and the message waits for it or for its next channel.
            OutcomeKind.ChannelFault => Again(tally),
            _ => Failed(tally, kind, others, at),
        };
        // A trial that did not close the circuit sends its message to its next channel at once.
        return message.With(outcome.OnTrial && !ChannelSign.Of(outcome).Works ? tally with { SetBack = others } : tally);
    }

    /// <summary>It is as if it had not been tried.</summary>
    private static Tally Again(Tally tally) => NotBusy(tally) with { NotBefore = null };

    private static Tally NotBusy(Tally tally) => tally with { BusySince = null, Busies = 0, BusyWait = TimeSpan.Zero, SetBack = false };

    private static Tally Busy(Tally tally, Outcome outcome, bool urgent, bool others, Situation at)
    {
        var since = tally.BusySince ?? at.Now;
        var busies = tally.Busies + 1;
        var least = BusyWaits.Least(tally, outcome.RetryAfter is not null, at.Now - since);
        var wait = BusyWaits.Of(outcome.RetryAfter, least, at.Chance);
        var isAtEnd = busies >= Backoff.EarlyEnd(tally.Channel) || outcome.Kind == OutcomeKind.Refused;
        return tally with
        {
            BusySince = since,
            Busies = busies,
            BusyWait = least,
            Lifts = at.View(tally.Channel, urgent).Lifts,
            NotBefore = at.Now + wait,
            SetBack = others && (urgent || isAtEnd || Pauses.IsLong(wait, urgent: false)),
        };
    }

    private static Tally Failed(Tally tally, OutcomeKind kind, bool others, Situation at)
    {
        var attempts = tally.Attempts + 1;
        var unknowns = tally.Unknowns + (kind == OutcomeKind.Unknown ? 1 : 0);
        var most = others ? Backoff.EarlyEnd(tally.Channel) : Backoff.WholeSchedule;
        return NotBusy(tally) with
        {
            Attempts = attempts,
            Unknowns = unknowns,
            GivenUp = attempts >= most || unknowns >= Third,
            NotBefore = at.Now + Backoff.After(attempts, at.Chance),
        };
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
