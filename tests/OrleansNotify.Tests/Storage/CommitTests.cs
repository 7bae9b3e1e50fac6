using Microsoft.Extensions.Time.Testing;
using OrleansNotify.Storage;
using OrleansNotify.Tests.Stores;
using StackExchange.Redis;

namespace OrleansNotify.Tests.Storage;

public sealed class CommitTests(StoreFixture stores)
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly string _id = Store.NewServiceId();

    private RedisKey Outbox => $"{_id}/u:ann:outbox";

    private RedisKey Agenda => $"{_id}/agenda:00";

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task A_commit_makes_its_writes_and_raises_the_version_to_the_stores_clock(StoreKind kind)
    {
        var (store, redis) = await Open(kind);

        var result = await store.Apply(CommitOf(0, [Set("m:1", "one"), Schedule(1500, "ann|1")]));

        Assert.True(result.Made);
        Assert.Equal(StoreClock.ToMicroseconds(_clock.GetUtcNow()), result.Version);
        Assert.Equal(_clock.GetUtcNow(), result.Now);
        Assert.Equal("one", await redis.HashGetAsync(Outbox, "m:1"));
        Assert.Equal(result.Version, (long)await redis.HashGetAsync(Outbox, "v"));
        Assert.Equal(_clock.GetUtcNow().AddMilliseconds(1500).ToUnixTimeMilliseconds(), await redis.SortedSetScoreAsync(Agenda, "ann|1"));
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task A_stale_version_changes_nothing(StoreKind kind)
    {
        var (store, redis) = await Open(kind);
        var first = await store.Apply(CommitOf(0, [Set("m:1", "one")]));

        var second = await store.Apply(CommitOf(0, [Set("m:1", "two")]));

        Assert.False(second.Made);
        Assert.Null(second.FailedCondition);
        Assert.Equal("one", await redis.HashGetAsync(Outbox, "m:1"));
        Assert.Equal(first.Version, (long)await redis.HashGetAsync(Outbox, "v"));
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task Two_commits_at_one_moment_have_versions_one_apart(StoreKind kind)
    {
        var (store, _) = await Open(kind);
        var first = await store.Apply(CommitOf(0, [Set("m:1", "one")]));

        var second = await store.Apply(CommitOf(first.Version, [Set("m:1", "two")]));

        Assert.Equal(first.Version + 1, second.Version);
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task An_outbox_made_anew_does_not_take_a_version_it_had_before(StoreKind kind)
    {
        var (store, redis) = await Open(kind);
        var old = await store.Apply(CommitOf(0, [Set("m:1", "one")]));
        await redis.KeyDeleteAsync(Outbox);
        _clock.Advance(TimeSpan.FromHours(25));

        var made = await store.Apply(CommitOf(0, [Set("m:2", "two")]));

        Assert.True(made.Version > old.Version);
        Assert.False((await store.Apply(CommitOf(old.Version, [Set("m:1", "stale")]))).Made);
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task The_first_condition_that_does_not_hold_is_named_and_nothing_changes(StoreKind kind)
    {
        var (store, redis) = await Open(kind);
        RedisKey other = $"{_id}/campaign";
        await redis.HashSetAsync(other, "state", "running");
        var now = _clock.GetUtcNow();
        (CommitCondition Condition, bool Holds)[] cases =
        [
            (CommitCondition.Is(other, "state", "running"), true),
            (CommitCondition.Is(other, "state", "paused"), false),
            (CommitCondition.Is(other, "missing", ""), true),
            (CommitCondition.IsNot(other, "missing", ""), false),
            (CommitCondition.IsNot(other, "state", ""), true),
            (CommitCondition.IsNot(other, "state", "running"), false),
            (CommitCondition.Before(Outbox, now), true),
            (CommitCondition.Before(Outbox, now.AddMicroseconds(-1)), false),
        ];
        var version = 0L;
        foreach (var (condition, holds) in cases)
        {
            CommitCondition[] conditions = [CommitCondition.Is(other, "state", "running"), condition];
            var result = await store.Apply(new Commit(Outbox, version, conditions, [Set("m:1", $"{condition}")], null));
            Assert.Equal(holds, result.Made);
            Assert.Equal(holds ? null : 1, result.FailedCondition);
            if (holds) version = result.Version;
            Assert.Equal(version, (long)await redis.HashGetAsync(Outbox, "v"));
        }
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task An_outbox_without_messages_expires_and_one_with_messages_does_not(StoreKind kind)
    {
        var (store, redis) = await Open(kind);
        var first = await store.Apply(new Commit(Outbox, 0, [], [Set("k:1", "key")], TimeSpan.FromHours(25)));
        Assert.InRange((await redis.KeyTimeToLiveAsync(Outbox))!.Value, TimeSpan.FromHours(24.9), TimeSpan.FromHours(25));

        await store.Apply(CommitOf(first.Version, [new Write(WriteStage.Outbox, "PERSIST", Outbox, []), Set("m:1", "one")]));

        Assert.Null(await redis.KeyTimeToLiveAsync(Outbox));
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task Values_are_kept_to_the_byte(StoreKind kind)
    {
        var (store, redis) = await Open(kind);
        byte[] every = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];

        await store.Apply(CommitOf(0, [new Write(WriteStage.Outbox, "HSET", Outbox, ["m:1", every])]));

        Assert.Equal(every, (byte[]?)await redis.HashGetAsync(Outbox, "m:1"));
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task By_the_stores_own_clock_delays_count_from_its_time(StoreKind kind)
    {
        var server = await stores.Get(kind);
        CommitStore store = new(server.Redis, new StoreClock(TimeProvider.System));

        var result = await store.Apply(CommitOf(0, [Schedule(60_000, "ann|1")]));

        var score = await server.Redis.GetDatabase().SortedSetScoreAsync(Agenda, "ann|1");
        Assert.Equal(Math.Floor(StoreClock.ToMicroseconds(result.Now) / 1000.0) + 60_000, score);
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task A_store_that_answers_with_an_error_is_a_fault(StoreKind kind)
    {
        var (store, redis) = await Open(kind);
        await redis.StringSetAsync(Outbox, "not a hash");

        var fault = await Assert.ThrowsAsync<StoreFault>(() => store.Apply(CommitOf(0, [Set("m:1", "one")])));

        Assert.IsType<RedisServerException>(fault.InnerException);
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task A_move_counts_and_orders_from_the_state_that_is_stored_and_makes_none(StoreKind kind)
    {
        var (store, redis) = await Open(kind);
        RedisKey states = $"{_id}/states", counts = $"{_id}/counts", order = $"{_id}/order";
        await redis.HashSetAsync(states, "ann", "new");
        await redis.HashSetAsync(counts, "new", 5);
        await redis.SortedSetAddAsync(order, [new("new ann", 0), new("new eve", 0)]);

        var result = await store.Apply(CommitOf(0, [Move("ann"), Move("ann"), Move("bob")]));

        Write Move(string user) => Write.MoveTo("sent", states, counts, order, user);
        Assert.True(result.Made);
        Assert.Equal([new("ann", "sent")], await redis.HashGetAllAsync(states));
        Assert.Equal([("new", "4"), ("sent", "1")], (await redis.HashGetAllAsync(counts)).Select(count => ((string)count.Name!, (string)count.Value!)).Order());
        Assert.Equal(["new eve", "sent ann"], (await redis.SortedSetRangeByRankAsync(order)).Select(entry => (string)entry!));
    }

    private async Task<(CommitStore Store, IDatabase Redis)> Open(StoreKind kind)
    {
        var server = await stores.Get(kind);
        return (new CommitStore(server.Redis, new StoreClock(_clock, storeFollowsClock: true)), server.Redis.GetDatabase());
    }

    private Commit CommitOf(long version, IReadOnlyList<Write> writes) => new(Outbox, version, [], writes, null);

    private Write Set(string field, string value) => new(WriteStage.Outbox, "HSET", Outbox, [field, value]);

    private Write Schedule(long delay, string member) => new(WriteStage.Agenda, "ZADD", Agenda, [delay, member], Delay: 1);
}
