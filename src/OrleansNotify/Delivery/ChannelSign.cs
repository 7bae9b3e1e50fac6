namespace OrleansNotify.Delivery;

/// <summary>What an outcome, of an attempt or of one device of a push, tells of its channel.</summary>
internal readonly record struct ChannelSign(OutcomeKind Kind, SpeaksOf SpeaksOf, bool Answered)
{
    public static ChannelSign Of(Outcome outcome) => new(outcome.Kind, outcome.SpeaksOf, outcome.Answered);

    public static ChannelSign Of(DeviceOutcome outcome) => new(outcome.Kind, outcome.SpeaksOf, outcome.Answered);

    /// <summary>The provider does its work: it took the message, or said no for a reason that is the recipient's or the message's own.</summary>
    public bool Works => Kind == OutcomeKind.Sent || (SpeaksOf == SpeaksOf.Recipient && Answered);

    /// <summary>It speaks, or may speak, against the channel.</summary>
    public bool IsFailure => !Works && Kind is (OutcomeKind.Retry or OutcomeKind.Unknown or OutcomeKind.Refused or OutcomeKind.ChannelFault);

    /// <summary>The provider was not asked: the turn was over, or this silo could not make a message that can be sent.</summary>
    public bool IsUntried => !Works && Kind is (OutcomeKind.Withdrawn or OutcomeKind.Rejected or OutcomeKind.AddressGone);
}
