using OrleansNotify.Benchmarks.Load;

namespace OrleansNotify.Benchmarks.Rules;

/// <summary>What <see cref="NightRun"/> has seen.</summary>
internal sealed record NightReport
{
    public string Mode { get; } = "night";
    public required int Users { get; init; }
    public required string Limit { get; init; }
    public required double AcceptedPerSecond { get; init; }
    public required int Missing { get; init; }
    public required int Repeated { get; init; }

    /// <summary>Arrivals before the moment.</summary>
    public required int Early { get; init; }

    public required double FirstAfterSeconds { get; init; }
    public required double LastAfterSeconds { get; init; }
    public required int? MostInWindow { get; init; }
    public required double? MostAllowed { get; init; }
    public required double? ShareOfLimit { get; init; }

    /// <summary>Campaign messages that left before 99 of 100 transactional ones had: when no woken transactional one waited.</summary>
    public required int CampaignBeforeTransactional { get; init; }

    /// <summary>With all users there, and no message.</summary>
    public required Use Before { get; init; }

    /// <summary>With all messages held.</summary>
    public required Use Held { get; init; }

    /// <summary>The most of each while they were sent.</summary>
    public required Use Busiest { get; init; }

    /// <summary>With all sent.</summary>
    public required Use After { get; init; }

    /// <summary>From the moment on.</summary>
    public required IReadOnlyDictionary<string, double> RedisSecondsByCommand { get; init; }

    public required SlowCommand? RedisSlowest { get; init; }
    public required long AgendaEntries { get; init; }

    public bool Holds => Missing == 0 && Early == 0 && AgendaEntries == 0 && (MostInWindow is null || MostInWindow <= MostAllowed);
}

/// <summary>What the processes use.</summary>
/// <param name="MemoryMib">Resident memory, by process.</param>
/// <param name="RedisDataMib">What Redis says its data take.</param>
/// <param name="RedisCpuSeconds">Since Redis started.</param>
internal sealed record Use(IReadOnlyDictionary<string, double> MemoryMib, double RedisDataMib, double RedisCpuSeconds)
{
    public static async Task<Use> Of(RulesCluster cluster) => new(
        cluster.Processes.ToDictionary(process => process.Key, process => LoadRun.Round(ProcessUsage.Of(process.Value).MemoryMiB)!.Value),
        await cluster.Store.MemoryMiB(),
        LoadRun.Round(await cluster.Store.CpuSeconds())!.Value);

    public Use Max(Use other) => new(
        MemoryMib.ToDictionary(process => process.Key, process => Math.Max(process.Value, other.MemoryMib[process.Key])),
        Math.Max(RedisDataMib, other.RedisDataMib),
        Math.Max(RedisCpuSeconds, other.RedisCpuSeconds));
}
