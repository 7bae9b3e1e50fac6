using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace OrleansNotify;

/// <summary>Where a message is in its life.</summary>
[GenerateSerializer, Alias("notify.MessageStatus")]
public enum MessageStatus
{
    /// <summary>In a lane, until its channel has a turn for it.</summary>
    Waiting,

    /// <summary>Not before a time: quiet hours or <c>send_at</c>.</summary>
    Deferred,

    /// <summary>An attempt is running.</summary>
    Sending,

    /// <summary>An attempt failed; another follows at a known time.</summary>
    Retrying,

    /// <summary>Settled: a provider has taken it over.</summary>
    Sent,

    /// <summary>Settled: the plan is exhausted; kept whole for a person to look at.</summary>
    DeadLettered,

    /// <summary>Settled: withdrawn by a caller.</summary>
    Cancelled,

    /// <summary>Settled: its <c>expires_at</c> passed.</summary>
    Expired,

    /// <summary>
    /// Settled: the user's preferences or addresses did not allow it, when it was asked for or when it woke. One that was skipped when it was
    /// asked for is no message, and its receipt has no id: this is its trace.
    /// </summary>
    Skipped,
}

/// <summary>What an entry of a timeline tells.</summary>
[GenerateSerializer, Alias("notify.MessageEventType")]
public enum MessageEventType
{
    /// <summary>Stored.</summary>
    Accepted,

    /// <summary>Held until a time.</summary>
    Deferred,

    /// <summary>Put into the lane of a channel.</summary>
    Waiting,

    /// <summary>One try on one channel, with its outcome.</summary>
    Attempt,

    /// <summary>Another try follows on the same channel.</summary>
    Retry,

    /// <summary>The next channel of the plan follows.</summary>
    Fallback,

    /// <summary>Taken over by a provider.</summary>
    Sent,

    /// <summary>Became a dead letter.</summary>
    DeadLettered,

    /// <summary>Withdrawn by a caller.</summary>
    Cancelled,

    /// <summary>Expired.</summary>
    Expired,

    /// <summary>Skipped, when it was asked for or when it woke.</summary>
    Skipped,

    /// <summary>A dead letter was sent again; the detail says by whom.</summary>
    Redriven,

    /// <summary>A dead letter was taken away; the detail says by whom.</summary>
    Discarded,
}

/// <summary>One entry of a message's timeline. Holds no address, no secret and nothing of the message's text.</summary>
[GenerateSerializer, Immutable, Alias("notify.MessageEvent")]
public sealed record MessageEvent
{
    /// <summary>When, in UTC.</summary>
    [Id(0)]
    public required DateTimeOffset At { get; init; }

    /// <summary>What happened.</summary>
    [Id(1)]
    public required MessageEventType Type { get; init; }

    /// <summary>The channel it is about.</summary>
    [Id(2)]
    public Channel? Channel { get; init; }

    /// <summary>Of an attempt: <c>sent</c>, <c>busy</c>, <c>retry</c>, <c>unknown</c>, <c>refused</c>, <c>rejected</c>, <c>address_gone</c>, <c>channel_fault</c>.</summary>
    [Id(3)]
    public string? Outcome { get; init; }

    /// <summary>The provider's answer, or the reason, in at most 300 characters.</summary>
    [Id(4)]
    public string? Detail { get; init; }

    /// <summary>The provider's own id of what it took over.</summary>
    [Id(5)]
    public string? ProviderId { get; init; }

    /// <summary>Of an attempt: how long the provider took, in milliseconds.</summary>
    [Id(6)]
    public int? DurationMs { get; init; }

    /// <summary>Of a deferral, a retry: when the message is looked at again.</summary>
    [Id(7)]
    public DateTimeOffset? Until { get; init; }

    /// <summary>Of an attempt whose answer was lost: a person may get this message twice.</summary>
    [Id(8)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool MaybeDuplicate { get; init; }
}

/// <summary>What holds a message at this moment.</summary>
[GenerateSerializer, Immutable, Alias("notify.MessageHold")]
public sealed record MessageHold
{
    /// <summary>
    /// <c>quiet_hours</c>, <c>send_at</c>, <c>circuit_open</c>, <c>channel_paused</c>, <c>address_paused</c>, <c>chat_limit</c>, <c>turn</c>,
    /// <c>campaign_paused</c>, <c>template_missing</c>; or, between two tries, what the last one said.
    /// </summary>
    [Id(0)]
    public required string Reason { get; init; }

    /// <summary>The channel that it waits for; null where it waits for none.</summary>
    [Id(1)]
    public Channel? Channel { get; init; }

    /// <summary>Until when, as far as that is known, in UTC.</summary>
    [Id(2)]
    public DateTimeOffset? Until { get; init; }
}

/// <summary>A message with its timeline, as it stands.</summary>
[GenerateSerializer, Immutable, Alias("notify.MessageView")]
public sealed record MessageView
{
    /// <summary>The message's id: UUID v7, or v8 where it is derived.</summary>
    [Id(0)]
    public required Guid MessageId { get; init; }

    /// <summary>The user.</summary>
    [Id(1)]
    public required string UserId { get; init; }

    /// <summary>The template's name.</summary>
    [Id(2)]
    public required string TemplateName { get; init; }

    /// <summary>The lane.</summary>
    [Id(3)]
    public required Priority Priority { get; init; }

    /// <summary>Where the message is in its life.</summary>
    [Id(4)]
    public required MessageStatus Status { get; init; }

    /// <summary>The channel that took it.</summary>
    [Id(5)]
    public Channel? Channel { get; init; }

    /// <summary>The channels that it tries, in order.</summary>
    [Id(6)]
    public required ImmutableArray<Channel> Plan { get; init; }

    /// <summary>When it was accepted, or skipped.</summary>
    [Id(7)]
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Of a deferred message: its earliest delivery.</summary>
    [Id(8)]
    public DateTimeOffset? DeliverAt { get; init; }

    /// <summary>Of a settled message that was not sent: why.</summary>
    [Id(15)]
    public string? Reason { get; init; }

    /// <summary>The timeline, oldest first.</summary>
    [Id(9)]
    public required ImmutableArray<MessageEvent> Events { get; init; }

    /// <summary>What holds it at this moment; null while it is being sent, and once it has settled.</summary>
    [Id(10)]
    public MessageHold? Held { get; init; }

    /// <summary>The campaign that it was made for; null if it was sent by itself.</summary>
    [Id(11)]
    public Guid? CampaignId { get; init; }
}

/// <summary>One page of a list.</summary>
[GenerateSerializer, Immutable, Alias("notify.Page`1")]
public sealed record Page<T>
{
    /// <summary>The page's items.</summary>
    [Id(0)]
    public required ImmutableArray<T> Items { get; init; }

    /// <summary>What to ask the next page with; null at the end.</summary>
    [Id(1)]
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? NextCursor { get; init; }
}
