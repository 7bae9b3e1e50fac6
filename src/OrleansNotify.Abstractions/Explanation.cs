using System.Collections.Immutable;

namespace OrleansNotify;

/// <summary>What a request would become if it were sent now, and why. To ask for one changes nothing.</summary>
[GenerateSerializer, Immutable, Alias("notify.Explanation")]
public sealed record Explanation
{
    /// <summary>The receipt that the request would get. It has the id of the first message where it would be a duplicate, and otherwise none.</summary>
    [Id(0)]
    public required Receipt Receipt { get; init; }

    /// <summary>
    /// Every gate in the order in which they are asked, those behind a shut one too. What is skipped has the reason of the first that stops
    /// it, what is deferred that of the last that defers it. Empty where the request is wrong or the user unknown.
    /// </summary>
    [Id(1)]
    public ImmutableArray<ExplainedGate> Gates { get; init; } = [];

    /// <summary>The channels that the message would try, in order; empty where none would be stored.</summary>
    [Id(2)]
    public ImmutableArray<Channel> Plan { get; init; } = [];

    /// <summary>Every channel that the request and the user's order name, and how it stands.</summary>
    [Id(3)]
    public ImmutableArray<ExplainedChannel> Channels { get; init; } = [];
}

/// <summary>What a gate does with a request.</summary>
[GenerateSerializer, Alias("notify.GateVerdict")]
public enum GateVerdict
{
    /// <summary>It lets it through.</summary>
    Pass,

    /// <summary>It holds it until a time.</summary>
    Defer,

    /// <summary>It stops it.</summary>
    Stop,
}

/// <summary>A gate and its verdict.</summary>
[GenerateSerializer, Immutable, Alias("notify.ExplainedGate")]
public sealed record ExplainedGate
{
    /// <summary>
    /// <c>template</c>, <c>duplicate</c>, <c>expired</c>, <c>type</c>, <c>alert_type</c>, <c>instrument</c>, <c>channel</c>, <c>send_at</c>,
    /// <c>quiet_hours</c>, <c>circuit</c>, <c>pause</c>, <c>chat</c>, <c>expires_before_delivery</c>, <c>outbox</c>.
    /// </summary>
    [Id(0)]
    public required string Gate { get; init; }

    /// <summary>What it does with the request.</summary>
    [Id(1)]
    public required GateVerdict Verdict { get; init; }

    /// <summary>Why it does not let it through, as one of the documented words (<see cref="Reasons"/>).</summary>
    [Id(2)]
    public string? Reason { get; init; }

    /// <summary>Until when it holds it, in UTC.</summary>
    [Id(3)]
    public DateTimeOffset? Until { get; init; }
}

/// <summary>Whether a channel is in use.</summary>
[GenerateSerializer, Alias("notify.CircuitState")]
public enum CircuitState
{
    /// <summary>It is.</summary>
    Closed,

    /// <summary>Its provider failed, and the next message tries it, or one is trying it.</summary>
    Trial,

    /// <summary>Its provider fails: nothing is tried before the next trial.</summary>
    Open,
}

/// <summary>How a channel stands for a request.</summary>
[GenerateSerializer, Immutable, Alias("notify.ExplainedChannel")]
public sealed record ExplainedChannel
{
    /// <summary>The channel.</summary>
    [Id(0)]
    public required Channel Channel { get; init; }

    /// <summary>Why it does not count: <c>channel_disabled</c>, <c>no_address</c> or <c>channel_not_configured</c>; null if it does.</summary>
    [Id(1)]
    public string? Obstacle { get; init; }

    /// <summary>Its circuit; of push, the best of those of the user's devices.</summary>
    [Id(2)]
    public required CircuitState Circuit { get; init; }

    /// <summary>Until when nothing goes over it, in UTC: as its provider asked, or until the circuit's next trial; null if it may be used now.</summary>
    [Id(3)]
    public DateTimeOffset? PausedUntil { get; init; }

    /// <summary>How many messages in its lanes would go before this one. Not known to the user's grain alone, nor where there is an obstacle: null.</summary>
    [Id(4)]
    public long? WaitingBefore { get; init; }

    /// <summary>
    /// In how many milliseconds its rate limit has a permit to give. Null where it has no limit, or there is an obstacle; not known to the
    /// user's grain alone.
    /// </summary>
    [Id(5)]
    public long? PermitWaitMs { get; init; }
}
