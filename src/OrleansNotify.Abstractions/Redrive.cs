namespace OrleansNotify;

/// <summary>What became of a redrive.</summary>
[GenerateSerializer, Alias("notify.RedriveResult")]
public enum RedriveResult
{
    /// <summary>The letter is gone and its message goes its way again.</summary>
    Redriven,

    /// <summary>There is no such letter, or not any more: nothing was sent.</summary>
    AlreadyRedriven,

    /// <summary>The user's outbox is full; the letter stays.</summary>
    OutboxFull,
}

/// <summary>Where a job that redrives letters is in its life.</summary>
[GenerateSerializer, Alias("notify.RedriveStatus")]
public enum RedriveStatus
{
    /// <summary>At work, or waiting to come back to letters whose user had no room.</summary>
    Running,

    /// <summary>It has been to every letter.</summary>
    Done,
}

/// <summary>A job that redrives the letters of a filter, as it stands.</summary>
[GenerateSerializer, Immutable, Alias("notify.RedriveView")]
public sealed record RedriveView
{
    /// <summary>The job's id.</summary>
    [Id(0)]
    public required Guid RedriveId { get; init; }

    /// <summary>Where it is in its life.</summary>
    [Id(1)]
    public required RedriveStatus Status { get; init; }

    /// <summary>How many letters there were when it began.</summary>
    [Id(2)]
    public required long Total { get; init; }

    /// <summary>How many of those are left.</summary>
    [Id(3)]
    public required long Remaining { get; init; }

    /// <summary>When it began: it leaves younger letters alone.</summary>
    [Id(4)]
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Who asked for it.</summary>
    [Id(5)]
    public required string By { get; init; }
}
