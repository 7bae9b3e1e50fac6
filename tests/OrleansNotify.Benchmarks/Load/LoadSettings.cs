namespace OrleansNotify.Benchmarks.Load;

/// <summary>What a run is to do.</summary>
internal sealed record LoadSettings
{
    /// <summary>The one channel that messages go over.</summary>
    public required Channel Channel { get; init; }

    /// <summary>How many messages a round sends, each to a user of its own.</summary>
    public required int Messages { get; init; }

    /// <summary>Whether the host keeps its records in its own store instead of a real Redis.</summary>
    public required bool Embedded { get; init; }

    /// <summary>Messages in one request.</summary>
    public int Batch { get; init; } = 100;

    /// <summary>Requests that are under way at a time.</summary>
    public int Callers { get; init; } = 8;

    /// <summary>Rounds after one another, each to other users: the first finds a cold process.</summary>
    public int Rounds { get; init; } = 1;

    /// <summary>The folder of a published host; null for the one that was built with this program.</summary>
    public string? Host { get; init; }

    public int Users => Messages * Rounds;
}
