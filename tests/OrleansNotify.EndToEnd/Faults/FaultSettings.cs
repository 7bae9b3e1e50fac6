namespace OrleansNotify.EndToEnd.Faults;

/// <summary>What a run with faults is to do.</summary>
internal sealed record FaultSettings
{
    /// <summary>Everything that is left to chance is drawn from this.</summary>
    public required int Seed { get; init; }

    /// <summary>How many messages are asked for.</summary>
    public required int Messages { get; init; }

    /// <summary>How many more a campaign makes on the way.</summary>
    public int Recipients => Messages / 8;

    /// <summary>One host with its own store instead of three on a real Redis.</summary>
    public bool Embedded { get; init; }

    /// <summary>How long a store that is stopped stays so.</summary>
    public TimeSpan StoreStopped { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Messages asked for in a second, as long as the faults keep up.</summary>
    public int Rate { get; init; } = 20;

    /// <summary>The kinds of faults that are drawn; null for all.</summary>
    public IReadOnlyList<FaultType>? Only { get; init; }

    /// <summary>Is told each fault as it happens.</summary>
    public Action<string> Say { get; init; } = _ => { };

    public int Hosts => Embedded ? 1 : 3;
}
