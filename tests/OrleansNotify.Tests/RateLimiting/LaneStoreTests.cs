using OrleansNotify.RateLimiting;
using OrleansNotify.Storage;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.RateLimiting;

public sealed class LaneStoreTests(StoreFixture stores)
{
    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task Messages_at_one_place_are_read_together(StoreKind kind)
    {
        var store = await stores.Get(kind);
        Keys keys = new(Store.NewServiceId());
        LaneStore lanes = new(store.Redis, keys, new StoreClock(TimeProvider.System));
        var lane = keys.Lane(Channel.Email, Priority.Transactional);
        for (var i = 0; i < 7; i++) await store.Redis.GetDatabase().SortedSetAddAsync(lane, new MessageKey($"u{i}", Guid.Empty).Format(), i < 2 ? 10 : 20);

        var (first, last) = await lanes.Between(Channel.Email, Priority.Transactional, double.NegativeInfinity, 30, 3);
        Assert.Equal(["u0", "u1", "u2", "u3", "u4", "u5", "u6"], first.Select(message => message.User));
        Assert.Equal(20, last);
        var (next, end) = await lanes.Between(Channel.Email, Priority.Transactional, last, 30, 3);
        Assert.Empty(next);
        Assert.Equal(20, end);
        var (few, _) = await lanes.Between(Channel.Email, Priority.Transactional, double.NegativeInfinity, 10, 3);
        Assert.Equal(["u0", "u1"], few.Select(message => message.User));
    }
}
