using OrleansNotify.Storage;
using StackExchange.Redis;

namespace OrleansNotify.EndToEnd.Faults.Node;

/// <summary>The store, with the points before and after each commit.</summary>
internal sealed class DyingStore(IConnectionMultiplexer redis, StoreClock clock, Keys keys, KillSwitch kill) : CommitStore(redis, clock)
{
    public override async Task<CommitResult> Apply(Commit commit)
    {
        var name = KillPoints.NameOf(commit, keys);
        if (name is null) return await base.Apply(commit);
        kill.Pass($"{name}:before");
        var result = await base.Apply(commit);
        kill.Pass($"{name}:after");
        return result;
    }
}
