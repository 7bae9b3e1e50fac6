using OrleansNotify.EndToEnd.Faults.Node;

namespace OrleansNotify.EndToEnd.Faults;

/// <summary>What can go wrong.</summary>
internal enum FaultType
{
    /// <summary>SIGKILL of a host; another takes over, and it comes back later.</summary>
    Kill,

    /// <summary>SIGKILL of a host that is back at once, on the same ports.</summary>
    KillAndRestart,

    /// <summary>A host kills itself at a named point.</summary>
    KillAtPoint,

    /// <summary>SIGTERM of a host.</summary>
    Terminate,

    /// <summary>SIGSTOP of a host for longer than the others wait for it, then SIGCONT.</summary>
    Freeze,

    /// <summary>SIGKILL of Redis, and its restart.</summary>
    KillStore,

    /// <summary>SIGSTOP of Redis for some seconds.</summary>
    StopStore,

    /// <summary>Redis forgets its scripts.</summary>
    FlushScripts,

    /// <summary>Redis has no memory left for writes.</summary>
    FillStore,

    /// <summary>Redis' answers come after the hosts have given up waiting: what they asked for is done.</summary>
    LateAnswers,

    /// <summary>A host's clock jumps two seconds, ahead or back.</summary>
    ClockJump,

    /// <summary>The providers take requests and do not answer.</summary>
    ProviderHang,

    /// <summary>The providers take messages over and cut the connection.</summary>
    ProviderReset,
}

/// <summary>A fault to come.</summary>
/// <param name="Type">What it is.</param>
/// <param name="Point">Of <see cref="FaultType.KillAtPoint"/>: where.</param>
/// <param name="Chance">From 0 to 1; says which host, and the like.</param>
internal sealed record PlannedFault(FaultType Type, string? Point, double Chance)
{
    public string Name => Point is null ? $"{Type}" : $"{Type} {Point}";
}

/// <summary>Draws the faults of a run.</summary>
internal static class FaultPlan
{
    private const int MessagesPerFault = 50, Least = 14, LeastOfFew = 3;

    private static readonly FaultType[] s_all = Enum.GetValues<FaultType>();

    private static readonly FaultType[] s_ofOneHost =
    [
        FaultType.KillAndRestart, FaultType.KillAtPoint, FaultType.Terminate, FaultType.ClockJump, FaultType.ProviderHang, FaultType.ProviderReset,
    ];

    /// <summary>Every kind as often as every other, in a drawn order; the points in turns.</summary>
    public static List<PlannedFault> Draw(FaultSettings settings, Random random)
    {
        var types = settings.Only ?? (settings.Embedded ? s_ofOneHost : s_all);
        // These take longest to be over: a round begins with them, so that a short run does not end with them.
        var points = KillPoints.All.ToArray();
        random.Shuffle(points);
        var count = Math.Max(types.Count < s_all.Length ? LeastOfFew : Least, settings.Messages / MessagesPerFault);
        List<PlannedFault> plan = [];
        for (var point = 0; plan.Count < count;)
        {
            var round = types.Concat(types.Where(type => type == FaultType.KillAtPoint).SelectMany(type => new[] { type, type })).ToArray();
            random.Shuffle(round);
            foreach (var type in round.OrderByDescending(type => type is FaultType.Freeze or FaultType.Kill or FaultType.ProviderHang))
                plan.Add(new PlannedFault(type, type == FaultType.KillAtPoint ? points[point++ % points.Length] : null, random.NextDouble()));
        }

        return plan;
    }
}
