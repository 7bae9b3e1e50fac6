using OrleansNotify.RateLimiting;
using OrleansNotify.Storage;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.RateLimiting;

public sealed class LookTests(StoreFixture stores)
{
    [Fact]
    public async Task A_lane_that_cannot_be_read_is_said_in_a_way_that_other_silos_know()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var lane = cluster.Keys.Lane(Channel.Email, Priority.Transactional);
        var channel = cluster.Client.GetGrain<IRateLimiterGrain>(Keys.Name(Channel.Email));
        await cluster.Redis.StringSetAsync(lane, "no lane");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => channel.Look([]));

        await cluster.Redis.KeyDeleteAsync(lane);
        Assert.False((await channel.Look([])).TransactionalWaiting);
    }
}
