namespace OrleansNotify.Benchmarks.Load;

/// <summary>What one round has shown; a line of JSON.</summary>
internal sealed record LoadReport
{
    public required string Mode { get; init; }
    public required string Channel { get; init; }
    public string? Store { get; init; }
    public int? Round { get; init; }
    public required int Messages { get; init; }

    /// <summary>Receipts, from the first request to the last answer.</summary>
    public double? AcceptedPerSecond { get; init; }

    /// <summary>From the first request to the last arrival at the provider.</summary>
    public double? DeliveredPerSecond { get; init; }

    /// <summary>The bare sender's, in the same run.</summary>
    public double? BareDeliveredPerSecond { get; init; }

    /// <summary><see cref="DeliveredPerSecond"/> over <see cref="BareDeliveredPerSecond"/>.</summary>
    public double? ShareOfBare { get; init; }

    public int? Duplicates { get; init; }
    public int? Missing { get; init; }

    /// <summary>From the request's sending to the moment when the provider had read the message.</summary>
    public Percentiles? LatencyMs { get; init; }

    public IReadOnlyDictionary<string, double>? CpuSecondsPerThousand { get; init; }
    public IReadOnlyDictionary<string, double>? MemoryMib { get; init; }

    /// <summary>All commands that Redis carried out, those inside scripts included.</summary>
    public double? RedisCommandsPerMessage { get; init; }

    /// <summary>The same, by command: <c>evalsha</c> are the scripts.</summary>
    public IReadOnlyDictionary<string, double>? RedisCallsPerMessage { get; init; }

    /// <summary>What Redis takes for a user who has addresses and no message.</summary>
    public long? RedisBytesPerUser { get; init; }

    public void Print() => JsonLine.Print(this);
}
