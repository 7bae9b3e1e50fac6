namespace OrleansNotify.Tests.Cluster;

/// <summary>
/// Moves the clock of a channel with a limit on only when every permit that was given is used, so that on a busy machine none is over before
/// its message begins and no user is passed over for being slow.
/// </summary>
internal sealed class PermitPace(NotifyCluster cluster, Channel channel)
{
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(7);

    /// <summary>After so many looks a permit is one that nobody took: the message that was first in the lane had left it meanwhile.</summary>
    private const int Patience = 400;

    private readonly HashSet<string> _given = [];

    /// <summary>How many permits were given up to now.</summary>
    public async Task<int> Given()
    {
        foreach (var permit in await cluster.Redis.SortedSetRangeByRankAsync(cluster.Keys.Window(channel))) _given.Add(permit!);
        return _given.Count;
    }

    public Task Until(Func<bool> holds)
    {
        var looks = 0;
        return Eventually.True(async () =>
        {
            if (await Given() <= cluster.Senders[channel].Jobs.Count || ++looks % Patience == 0) cluster.Clock.Advance(s_step);
            return holds();
        });
    }
}
