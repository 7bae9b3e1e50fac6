using OrleansNotify.Benchmarks.Load;
using OrleansNotify.RateLimiting;

namespace OrleansNotify.Benchmarks.Rules;

/// <summary>A standing backlog in one lane, fed through both silos: no window holds more than the limit, and most of what is allowed is used.</summary>
internal static class RateRun
{
    // A receiver that is cold reads its first messages so late that they fall into the next window.
    private const int WarmUp = 40;

    private static readonly TimeSpan s_telegram = TimeSpan.FromSeconds(1), s_email = TimeSpan.FromMinutes(1);

    public static async Task<int> Run(Channel channel, Priority lane, TimeSpan length, bool kill)
    {
        // What a host keeps unless it is told otherwise, and how many more the receiver may see for its own imprecision.
        var (limit, bound) = channel == Channel.Email ? (new RateLimit(100, s_email), 105) : (new RateLimit(20, s_telegram), 22);
        var least = lane == Priority.Campaign ? 0.85 : 0.92;
        await using var cluster = await RulesCluster.Start(channel, []);
        var messages = (int)(limit.Count * (length / limit.Window + 3)) + (int)(limit.Count / limit.Window.TotalSeconds * 30);
        await cluster.CreateUsers(0, messages + WarmUp);
        await cluster.Send(Enumerable.Range(messages, WarmUp), Priority.Transactional);
        await cluster.Receiver.WaitFor(WarmUp);
        await cluster.Receiver.Forget();
        await cluster.Send(Enumerable.Range(0, messages), lane);
        var began = TimeProvider.System.GetUtcNow();
        var kills = kill ? await WaitAndKill(cluster, length) : await Wait(length);
        var ended = TimeProvider.System.GetUtcNow();
        var arrivals = await cluster.Receiver.Arrivals();
        DateTimeOffset[] times = [.. arrivals.Select(arrival => arrival.At)];
        var perSecond = Windows.PerSecond(times, began + limit.Window, ended, limit.GrantWindow);
        RateReport report = new()
        {
            Channel = channel,
            Lane = lane,
            Limit = limit.ToString(),
            Seconds = LoadRun.Round((ended - began).TotalSeconds)!.Value,
            Arrivals = times.Length,
            Repeated = arrivals.Count - arrivals.DistinctBy(arrival => arrival.Number).Count(),
            MostInWindow = Windows.Most(times, limit.Window),
            MostAllowed = bound,
            ShareOfLimit = LoadRun.Round(perSecond / limit.Count * limit.Window.TotalSeconds),
            LeastShare = kill ? null : least,
            Kills = kills,
            LeftInLane = await cluster.Store.LaneDepth(channel, lane),
        };
        report.Print();
        if (report.Holds) return 0;
        await Console.Error.WriteLineAsync(cluster.Output);
        return 1;
    }

    private static async Task<int> Wait(TimeSpan length)
    {
        await Task.Delay(length, TimeProvider.System);
        return 0;
    }

    /// <summary>Kills the silo that gives the turns, and later the one that gives them then; each comes back at once.</summary>
    private static async Task<int> WaitAndKill(RulesCluster cluster, TimeSpan length)
    {
        for (var kill = 0; kill < 2; kill++)
        {
            await Wait(length / 3);
            var silo = await cluster.HolderOfTurns();
            await cluster.KillSilo(silo);
            await cluster.StartSilo(silo);
        }

        await Wait(length / 3);
        return 2;
    }
}

/// <summary>What <see cref="RateRun"/> has seen.</summary>
internal sealed record RateReport
{
    public string Mode { get; } = "rate";
    public required Channel Channel { get; init; }
    public required Priority Lane { get; init; }
    public required string Limit { get; init; }

    /// <summary>From the moment when all was accepted.</summary>
    public required double Seconds { get; init; }

    public required int Arrivals { get; init; }

    /// <summary>Arrivals of a message that had arrived before: those of a killed silo may.</summary>
    public required int Repeated { get; init; }

    public required int MostInWindow { get; init; }
    public required int MostAllowed { get; init; }

    /// <summary>The rate seen after the first window, over the limit's.</summary>
    public required double? ShareOfLimit { get; init; }

    /// <summary>Null where silos were killed: then it is not asked for.</summary>
    public required double? LeastShare { get; init; }

    public required int Kills { get; init; }

    /// <summary>More than none, or the backlog did not stand.</summary>
    public required long LeftInLane { get; init; }

    public bool Holds => MostInWindow <= MostAllowed && LeftInLane > 0 && (LeastShare is null || ShareOfLimit >= LeastShare);

    public void Print() => JsonLine.Print(this);
}
