namespace OrleansNotify.DeadLetters;

/// <summary>What a job that redrives letters has to know to go on after anything.</summary>
[GenerateSerializer, Immutable, Alias("notify.RedriveState")]
internal sealed record RedriveState
{
    [Id(0)]
    public DeadLetterFilter Filter { get; init; } = new();

    /// <summary>The store's time of its start: what failed later is none of its business.</summary>
    [Id(1)]
    public DateTimeOffset StartedAt { get; init; }

    [Id(2)]
    public string By { get; init; } = "";

    /// <summary>How many letters there were at its start.</summary>
    [Id(3)]
    public long Total { get; init; }

    /// <summary>The last letter that it has been to in this pass.</summary>
    [Id(4)]
    public string? Cursor { get; init; }

    /// <summary>Whether this pass has left a letter, for an outbox was full or a user did not answer: then there is another one.</summary>
    [Id(5)]
    public bool HasLeft { get; init; }

    [Id(6)]
    public bool IsDone { get; init; }

    /// <summary>The state after a batch.</summary>
    /// <param name="last">The last letter of the batch; null where there was none behind the cursor.</param>
    /// <param name="hasLeft">Whether a letter of the batch was left.</param>
    public RedriveState After(LetterPlace? last, bool hasLeft) => last is { } place
        ? this with { Cursor = place.Format(), HasLeft = HasLeft || hasLeft }
        : this with { Cursor = null, HasLeft = false, IsDone = !HasLeft };
}
