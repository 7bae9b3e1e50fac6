using System.Collections.Immutable;

namespace OrleansNotify.Users;

/// <summary>A message as it is stored: in the outbox until it settles, then in the history or among the dead letters.</summary>
[GenerateSerializer, Immutable, Alias("notify.Message")]
internal sealed record Message
{
    /// <summary>A timeline that grows beyond this loses its oldest entries but the first.</summary>
    public const int MostEvents = 100;

    [Id(0)]
    public required Guid Id { get; init; }

    [Id(1)]
    public required string UserId { get; init; }

    [Id(2)]
    public required string TemplateName { get; init; }

    [Id(3)]
    public required TemplateVars Vars { get; init; }

    /// <summary>The channel that the request named.</summary>
    [Id(4)]
    public Channel? Requested { get; init; }

    [Id(5)]
    public bool Fallback { get; init; } = true;

    [Id(6)]
    public Priority Priority { get; init; }

    /// <summary>The lane that it waits in: that of its priority, but for messages that are redriven in bulk.</summary>
    [Id(35)]
    public Priority LanePriority { get; init; }

    [Id(7)]
    public string? Instrument { get; init; }

    [Id(8)]
    public required string AlertType { get; init; }

    /// <summary>Before all others of its lane.</summary>
    [Id(9)]
    public bool Urgent { get; init; }

    [Id(10)]
    public required DateTimeOffset CreatedAt { get; init; }

    [Id(11)]
    public DateTimeOffset? SendAt { get; init; }

    [Id(12)]
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it becomes too old: counted from when it might first be sent.</summary>
    [Id(13)]
    public required DateTimeOffset LifeEnds { get; init; }

    [Id(14)]
    public required MessageStatus Status { get; init; }

    /// <summary>The channels that it tries, in order, as they were when it was last looked at.</summary>
    [Id(15)]
    public ImmutableArray<Channel> Plan { get; init; } = [];

    /// <summary>What each channel that was tried has cost so far.</summary>
    [Id(16)]
    public ImmutableArray<Tally> Tallies { get; init; } = [];

    /// <summary>When somebody must look at it again, by the store's clock: its agenda entry.</summary>
    [Id(17)]
    public required DateTimeOffset LookAt { get; init; }

    /// <summary>Of a waiting message: the lane's channel. Of a settled one: the channel that took it, or the last one tried.</summary>
    [Id(18)]
    public Channel? Channel { get; init; }

    /// <summary>Of a waiting message: its place in the lane, in ms of the store's clock, ten days earlier where it is urgent.</summary>
    [Id(19)]
    public long LaneScore { get; init; }

    /// <summary>The attempt that is running.</summary>
    [Id(20)]
    public Attempt? Running { get; init; }

    /// <summary>Attempts begun so far, over all channels.</summary>
    [Id(21)]
    public int AttemptsBegun { get; init; }

    [Id(22)]
    public ImmutableArray<MessageEvent> Events { get; init; } = [];

    /// <summary>Whether quiet hours held it once: its life counts from the end of the first that did.</summary>
    [Id(23)]
    public bool HeldByQuietHours { get; init; }

    /// <summary>Since when this or another silo could not render it.</summary>
    [Id(24)]
    public DateTimeOffset? UnrenderableSince { get; init; }

    /// <summary>How many of its attempts ended with a dead silo.</summary>
    [Id(25)]
    public int SilosLost { get; init; }

    // 26 and 27 were refusals over all channels; each channel's tally counts its own.

    /// <summary>Whether its Telegram chat has moved once.</summary>
    [Id(28)]
    public bool Moved { get; init; }

    /// <summary>Push devices whose service has rejected this message: a retry leaves them out.</summary>
    [Id(29)]
    public ImmutableArray<string> RejectedDevices { get; init; } = [];

    /// <summary>How often it became a dead letter: with the message's id, the letter's.</summary>
    [Id(30)]
    public int Letters { get; init; }

    /// <summary>Why it settled, where it was not sent.</summary>
    [Id(31)]
    public string? Reason { get; init; }

    /// <summary>When it settled.</summary>
    [Id(32)]
    public DateTimeOffset? SettledAt { get; init; }

    /// <summary>The reason of the last outcome that was not a success: why a plan came to its end.</summary>
    [Id(33)]
    public string? LastReason { get; init; }

    /// <summary>Of a deferred message: its earliest delivery, by the wall clock.</summary>
    [Id(34)]
    public DateTimeOffset? DeliverAt { get; init; }

    /// <summary>It waits for its Telegram chat's next free moment, not in a lane.</summary>
    [Id(36)]
    public bool WaitsForChat { get; init; }

    /// <summary>The recipient's place in the campaign that it was made for.</summary>
    [Id(37)]
    public Campaigns.CampaignPlace? Campaign { get; init; }

    /// <summary>Its campaign is asked before it is sent; no more once it was redriven.</summary>
    public bool AsksCampaign => Campaign is not null && Letters == 0;

    public bool IsSettled => Status >= MessageStatus.Sent;

    /// <summary>The lane that it lies in; null if it is in none.</summary>
    public (Channel Channel, Priority Priority)? Lane => Status == MessageStatus.Waiting && !WaitsForChat && Channel is { } channel ? (channel, LanePriority) : null;

    /// <summary>Whether it waits for a channel: in its lane, for a chat or a device, or for its next try.</summary>
    public bool WaitsOn(Channel channel) => Status is MessageStatus.Waiting or MessageStatus.Retrying && !Plan.IsEmpty && Plan[0] == channel;

    public Tally TallyOf(Channel channel) => Tallies.FirstOrDefault(t => t.Channel == channel) ?? new Tally { Channel = channel };

    public Message With(Tally tally) => this with { Tallies = [.. Tallies.Where(t => t.Channel != tally.Channel), tally] };

    public Message With(MessageEvent added) => this with
    {
        Events = Events.Length < MostEvents ? Events.Add(added) : Events.RemoveAt(1).Add(added),
    };

    /// <param name="held">What holds it at this moment.</param>
    public MessageView View(MessageHold? held = null) => new()
    {
        MessageId = Id,
        UserId = UserId,
        TemplateName = TemplateName,
        Priority = Priority,
        Status = Status,
        Channel = Status is MessageStatus.Sent or MessageStatus.Sending ? Channel : null,
        Plan = Plan,
        CreatedAt = CreatedAt,
        DeliverAt = Status == MessageStatus.Deferred ? DeliverAt : null,
        Reason = IsSettled ? Reason : null,
        Events = Events,
        Held = held,
        CampaignId = Campaign?.Campaign,
    };
}

/// <summary>What a channel has cost a message so far.</summary>
[GenerateSerializer, Immutable, Alias("notify.Tally")]
internal sealed record Tally
{
    [Id(0)]
    public required Channel Channel { get; init; }

    /// <summary>Attempts that count.</summary>
    [Id(1)]
    public int Attempts { get; init; }

    /// <summary>Those of them whose answer was lost.</summary>
    [Id(2)]
    public int Unknowns { get; init; }

    /// <summary>The channel is not tried again.</summary>
    [Id(3)]
    public bool GivenUp { get; init; }

    /// <summary>Not tried before this time: the backoff, or the provider's own wish.</summary>
    [Id(4)]
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>How often its provider refused this message, and when it did so last.</summary>
    [Id(5)]
    public int Refusals { get; init; }

    [Id(6)]
    public DateTimeOffset? RefusedAt { get; init; }

    /// <summary>Since when, how often in a row and how long at least this message was asked to come later; none in a row, and no time, after any other answer.</summary>
    [Id(7)]
    public DateTimeOffset? BusySince { get; init; }

    [Id(8)]
    public int Busies { get; init; }

    [Id(9)]
    public TimeSpan BusyWait { get; init; }

    /// <summary>Other channels of the plan go first, until this one has been tried again.</summary>
    [Id(10)]
    public bool SetBack { get; init; }

    /// <summary>The reason of what it waits for until <see cref="NotBefore"/>.</summary>
    [Id(11)]
    public string? Reason { get; init; }

    /// <summary>How often the channel's pauses had been lifted when it was last asked to come later.</summary>
    [Id(12)]
    public int Lifts { get; init; }

    /// <summary>The last answer was to come later.</summary>
    public bool IsBusy => Busies > 0;

    /// <summary>Until when the message itself has to wait; null if it need not. An owner may have lifted what a provider asked for.</summary>
    public DateTimeOffset? WaitAt(DateTimeOffset now, int lifts) => NotBefore > now && !(IsBusy && lifts != Lifts) ? NotBefore : null;
}

/// <summary>An attempt that was begun: which, where, and when its call ends at the latest.</summary>
[GenerateSerializer, Immutable, Alias("notify.Attempt")]
internal sealed record Attempt
{
    /// <summary>Counts up over the message's life, from 1.</summary>
    [Id(0)]
    public required int Number { get; init; }

    [Id(1)]
    public required Channel Channel { get; init; }

    /// <summary>The silo's incarnation: address and generation.</summary>
    [Id(2)]
    public required string Silo { get; init; }

    [Id(3)]
    public required DateTimeOffset BeganAt { get; init; }

    [Id(4)]
    public required DateTimeOffset HardEnd { get; init; }
}
