using OrleansNotify.Benchmarks.Load;

namespace OrleansNotify.Benchmarks.Rules;

/// <summary>What <see cref="OvertakeRun"/> has seen. Latencies are from the sending of the request to the provider's having read the message.</summary>
internal sealed record OvertakeReport
{
    public string Mode { get; } = "overtake";
    public required int Backlog { get; init; }
    public required long WaitingWhenFilled { get; init; }
    public required long LeftInLane { get; init; }
    public required int Alerts { get; init; }
    public required Percentiles CalmMs { get; init; }

    /// <summary>While the backlog is being accepted, which uses all the machine has: no bound is asked for.</summary>
    public required Percentiles WhileItEntersMs { get; init; }

    public required Percentiles BehindBacklogMs { get; init; }
    public required double RatioP50 { get; init; }
    public required double RatioP99 { get; init; }

    /// <summary>From the kill of the silo that gave the turns to the arrival of the first alert that came through within a second.</summary>
    public required double RecoverySeconds { get; init; }

    /// <summary>Alerts asked for until then, that one included.</summary>
    public required int AskedMeanwhile { get; init; }

    public required Percentiles AfterKillMs { get; init; }
    public required double RatioP50AfterKill { get; init; }
    public required double RatioP99AfterKill { get; init; }
    public required double MostRatio { get; init; }

    public bool Holds => LeftInLane > 0 && new[] { RatioP50, RatioP99, RatioP50AfterKill, RatioP99AfterKill }.All(ratio => ratio <= MostRatio);

    public void Print() => JsonLine.Print(this);
}
