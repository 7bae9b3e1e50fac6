namespace OrleansNotify.Delivery;

/// <summary>
/// The open circuit of a channel, or of one push service. It is open until <see cref="TrialAt"/>, then on trial until one message is under
/// way, then open again until that message's outcome closes it or opens it anew.
/// </summary>
[GenerateSerializer, Immutable, Alias("notify.Circuit")]
internal sealed record Circuit
{
    /// <summary>The first and the longest wait before a trial.</summary>
    public static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(10), LongestWait = TimeSpan.FromSeconds(60);

    /// <summary>How soon another message may try it where the one that was to did not.</summary>
    public static readonly TimeSpan NextTrial = TimeSpan.FromSeconds(1);

    /// <summary>After how long an open channel is passed over by messages that are not urgent: a short outage must not empty a fast channel into a slow one.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Since when it has been open, without having been closed in between.</summary>
    [Id(0)]
    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>When it is on trial.</summary>
    [Id(1)]
    public required DateTimeOffset TrialAt { get; init; }

    /// <summary>How long it waited for this trial.</summary>
    [Id(2)]
    public required TimeSpan Wait { get; init; }

    /// <summary>The outcome that opened it.</summary>
    [Id(3)]
    public required string Reason { get; init; }

    /// <summary>The message that tries it.</summary>
    [Id(4)]
    public Trial? Trial { get; init; }

    /// <summary>How it stands, for people to see; null is closed.</summary>
    public static CircuitState StateOf(Circuit? circuit, DateTimeOffset now) => circuit switch
    {
        null => CircuitState.Closed,
        { Trial: null } when now < circuit.TrialAt => CircuitState.Open,
        _ => CircuitState.Trial,
    };

    /// <summary>Opens a closed one.</summary>
    public static Circuit Open(DateTimeOffset now, string reason) =>
        new() { OpenedAt = now, TrialAt = now + FirstWait, Wait = FirstWait, Reason = reason };

    /// <summary>After a trial that failed.</summary>
    public Circuit Reopen(DateTimeOffset now, string reason)
    {
        var wait = Wait * 2 < LongestWait ? Wait * 2 : LongestWait;
        return this with { TrialAt = now + wait, Wait = wait, Reason = reason, Trial = null };
    }

    /// <summary>After a trial that did not happen.</summary>
    public Circuit Untried(DateTimeOffset now) => this with { TrialAt = now + NextTrial, Trial = null };

    /// <summary>Whether it has its old place in plans: until a message is under way that tries it.</summary>
    public bool IsOnTrial(DateTimeOffset now) => Trial is null && now >= TrialAt;

    /// <summary>Whether a message passes this channel over for another.</summary>
    public bool IsPassedOver(bool urgent, DateTimeOffset now) => !IsOnTrial(now) && (urgent || now - OpenedAt >= Patience);

    /// <summary>Whether the trial's message has been silent for too long.</summary>
    public bool IsTrialLost(DateTimeOffset now) => Trial is { } trial && now >= trial.HardEnd + AttemptLooks.Grace;
}

/// <summary>The attempt that tries an open circuit.</summary>
[GenerateSerializer, Immutable, Alias("notify.Trial")]
internal sealed record Trial([property: Id(0)] Guid Message, [property: Id(1)] DateTimeOffset HardEnd);
