using System.Collections.Immutable;

namespace OrleansNotify.Delivery;

/// <summary>How an attempt ended. The set is closed; what each means for the message is said by <see cref="Settlement"/>.</summary>
[GenerateSerializer, Alias("notify.OutcomeKind")]
internal enum OutcomeKind
{
    /// <summary>Taken over by the provider. Accepted by a provider is not yet seen by a person.</summary>
    Sent,

    /// <summary>The provider asks to come later; no attempt is counted.</summary>
    Busy,

    /// <summary>Nothing was handed over, or the provider said "not now".</summary>
    Retry,

    /// <summary>Handed over, and no answer came: the person may get it twice.</summary>
    Unknown,

    /// <summary>The provider said no, without saying whose fault it is.</summary>
    Refused,

    /// <summary>This message can never succeed on this channel.</summary>
    Rejected,

    /// <summary>Nor can any other message to this address.</summary>
    AddressGone,

    /// <summary>Our account, key or sender is at fault; nobody else is blamed.</summary>
    ChannelFault,

    /// <summary>The attempt did not happen: its turn passed before the request was being written. Never in a timeline.</summary>
    Withdrawn,
}

/// <summary>Whom an outcome speaks of: a person's fault must not stop a channel for the others.</summary>
[GenerateSerializer, Alias("notify.SpeaksOf")]
internal enum SpeaksOf
{
    /// <summary>It may be either: an answer in no list, or none after the request was written.</summary>
    Either,

    /// <summary>The recipient, or this message alone.</summary>
    Recipient,

    /// <summary>The channel: the provider, the way to it, or our account with it.</summary>
    Channel,
}

/// <summary>The end of one attempt, as the channel's sender tells it. Holds no secret and no address in clear.</summary>
[GenerateSerializer, Immutable, Alias("notify.Outcome")]
internal sealed record Outcome
{
    /// <summary>How it ended.</summary>
    [Id(0)]
    public required OutcomeKind Kind { get; init; }

    /// <summary>A short word for metrics, from a bounded set: <c>timeout</c>, <c>connect</c>, <c>5.1.1</c>, <c>blocked</c>, …</summary>
    [Id(1)]
    public string Reason { get; init; } = "";

    /// <summary>The provider's answer for the timeline, cleaned of secrets and control characters, at most 300 characters.</summary>
    [Id(2)]
    public string? Detail { get; init; }

    /// <summary>The provider's own id of what it took over.</summary>
    [Id(3)]
    public string? ProviderId { get; init; }

    /// <summary>Of <see cref="OutcomeKind.Busy"/>: how long the provider asks to wait, where it says so.</summary>
    [Id(4)]
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The email address or chat id that was tried: the outcome acts on the user only while that is still the current one.</summary>
    [Id(5)]
    public string? Address { get; init; }

    /// <summary>Of a Telegram group that became a supergroup: its new chat id. Comes with <see cref="OutcomeKind.Busy"/> and no wait.</summary>
    [Id(6)]
    public string? NewChatId { get; init; }

    /// <summary>Of a push: what each device's service said.</summary>
    [Id(7)]
    public ImmutableArray<DeviceOutcome> Devices { get; init; } = [];

    // 8 and 9 were said by whom it speaks of.

    /// <summary>The attempt tried an open circuit: a failure says nothing of the message or the person.</summary>
    [Id(10)]
    public bool OnTrial { get; init; }

    /// <summary>Whom it speaks of.</summary>
    [Id(11)]
    public SpeaksOf SpeaksOf { get; init; }

    /// <summary>The provider answered, whatever it said.</summary>
    [Id(12)]
    public bool Answered { get; init; }

    /// <summary>It blames nobody: a provider said it whose circuit was open. What this silo found out without asking it is so all the same.</summary>
    public bool BlamesNobody => OnTrial && !ChannelSign.Of(this).IsUntried;
}

/// <summary>What a push service said about one device.</summary>
[GenerateSerializer, Immutable, Alias("notify.DeviceOutcome")]
internal sealed record DeviceOutcome
{
    /// <summary>The subscription's id.</summary>
    [Id(0)]
    public required string SubscriptionId { get; init; }

    /// <summary>The push service: the endpoint's origin.</summary>
    [Id(1)]
    public required string Service { get; init; }

    /// <summary>How it ended for this device.</summary>
    [Id(2)]
    public required OutcomeKind Kind { get; init; }

    /// <summary>A short word for metrics.</summary>
    [Id(3)]
    public string Reason { get; init; } = "";

    /// <summary>Of <see cref="OutcomeKind.Busy"/>: how long the service asks to wait.</summary>
    [Id(4)]
    public TimeSpan? RetryAfter { get; init; }

    // 5 was said by whom it speaks of.

    /// <summary>The attempt tried the service's open circuit.</summary>
    [Id(6)]
    public bool OnTrial { get; init; }

    /// <summary>Whom it speaks of.</summary>
    [Id(7)]
    public SpeaksOf SpeaksOf { get; init; }

    /// <summary>The service answered, whatever it said.</summary>
    [Id(8)]
    public bool Answered { get; init; }
}
