using CsCheck;
using Microsoft.Extensions.Time.Testing;
using OrleansNotify.RateLimiting;
using OrleansNotify.Storage;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.RateLimiting;

public sealed class PermitTests(StoreFixture stores)
{
    private static readonly DateTimeOffset s_start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly RateLimit s_limit = new(20, TimeSpan.FromSeconds(1));
    private readonly FakeTimeProvider _clock = new(s_start);

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task Transactional_messages_may_use_all_permits_at_once_and_then_none_for_a_window(StoreKind kind)
    {
        var permits = await Open(kind);

        var first = await permits.Take(Channel.Telegram, s_limit, Priority.Transactional, 64);
        Assert.Equal((20, s_start.AddMilliseconds(50), TimeSpan.FromMilliseconds(1050)), (first.Permits, first.GoodUntil, first.AskAgain));

        _clock.Advance(TimeSpan.FromMilliseconds(1049));
        var early = await permits.Take(Channel.Telegram, s_limit, Priority.Transactional, 1);
        Assert.Equal((0, TimeSpan.FromMilliseconds(1)), (early.Permits, early.AskAgain));

        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, (await permits.Take(Channel.Telegram, s_limit, Priority.Transactional, 1)).Permits);
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task Channels_do_not_share_a_window(StoreKind kind)
    {
        var permits = await Open(kind);
        await permits.Take(Channel.Telegram, s_limit, Priority.Transactional, 20);
        Assert.Equal(20, (await permits.Take(Channel.Email, s_limit, Priority.Transactional, 20)).Permits);
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task Campaign_permits_come_one_at_a_time_evenly_and_leave_the_reserve(StoreKind kind)
    {
        var permits = await Open(kind);
        List<DateTimeOffset> granted = [];
        while (_clock.GetUtcNow() < s_start.AddSeconds(2.1))
        {
            var grant = await permits.Take(Channel.Telegram, s_limit, Priority.Campaign, 5);
            if (grant.Permits == 1) granted.Add(_clock.GetUtcNow());
            else _clock.Advance(grant.AskAgain);
        }

        Assert.InRange(granted.Count, 37, 39);
        var gaps = granted.Zip(granted.Skip(1), (a, b) => b - a).ToList();
        Assert.All(gaps, gap => Assert.InRange(gap, TimeSpan.FromMilliseconds(54), TimeSpan.FromMilliseconds(56.5)));
        Assert.InRange((await permits.Take(Channel.Telegram, s_limit, Priority.Transactional, 5)).Permits, 1, 2);
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task A_campaign_that_asks_late_makes_up_for_a_quarter_of_a_window_and_no_more(StoreKind kind)
    {
        var permits = await Open(kind);
        await permits.Take(Channel.Telegram, s_limit, Priority.Campaign, 1);
        _clock.Advance(TimeSpan.FromMilliseconds(900));

        List<Grant> granted = [];
        do granted.Add(await permits.Take(Channel.Telegram, s_limit, Priority.Campaign, 5));
        while (granted[^1].AskAgain == TimeSpan.Zero);

        Assert.All(granted, grant => Assert.Equal(1, grant.Permits));
        Assert.Equal(1 + (int)(s_limit.Lateness / s_limit.Spacing), granted.Count);
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task A_campaign_that_is_late_now_and_then_still_uses_85_percent(StoreKind kind)
    {
        var permits = await Open(kind);
        var (granted, asked) = (0, 0);
        while (_clock.GetUtcNow() < s_start.AddSeconds(30))
        {
            var grant = await permits.Take(Channel.Telegram, s_limit, Priority.Campaign, 64);
            granted += grant.Permits;
            _clock.Advance(grant.AskAgain + TimeSpan.FromMilliseconds(++asked % 40 == 0 ? 220 : 5));
        }

        Assert.InRange(granted / 30.0 / s_limit.Count, 0.85, 1);
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task A_clock_that_is_set_back_opens_no_second_window(StoreKind kind)
    {
        var server = await stores.Get(kind);
        var id = Store.NewServiceId();
        await On(new FakeTimeProvider(s_start)).Take(Channel.Telegram, s_limit, Priority.Transactional, 20);

        var early = await On(new FakeTimeProvider(s_start.AddMinutes(-10))).Take(Channel.Telegram, s_limit, Priority.Transactional, 1);

        Assert.Equal(0, early.Permits);

        PermitStore On(TimeProvider clock) => new(server.Redis, new Keys(id), new StoreClock(clock, storeFollowsClock: true));
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task A_clock_of_the_store_that_was_set_back_holds_permits_back_for_a_window_and_no_longer(StoreKind kind)
    {
        var server = await stores.Get(kind);
        Keys keys = new(Store.NewServiceId());
        PermitStore permits = new(server.Redis, keys, new StoreClock(TimeProvider.System));
        RateLimit limit = new(20, TimeSpan.FromMilliseconds(100));
        var ahead = DateTimeOffset.UtcNow.AddHours(1);
        var window = keys.Window(Channel.Telegram);
        await server.Redis.GetDatabase().SortedSetAddAsync(window, "t:1:0", StoreClock.ToMicroseconds(ahead));

        var first = await permits.Take(Channel.Telegram, limit, Priority.Transactional, 64);
        Assert.Equal(19, first.Permits);
        Assert.InRange(first.GoodUntil!.Value, ahead, ahead.AddSeconds(1));

        await Eventually.True(async () =>
        {
            var grant = await permits.Take(Channel.Telegram, limit, Priority.Transactional, 64);
            return grant.Permits == 20 && grant.GoodUntil < ahead.AddMinutes(-30);
        });
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task A_window_by_another_clock_than_the_stores_does_not_end_by_the_stores(StoreKind kind)
    {
        var server = await stores.Get(kind);
        Keys keys = new(Store.NewServiceId());
        PermitStore permits = new(server.Redis, keys, new StoreClock(_clock, storeFollowsClock: true));

        await permits.Take(Channel.Telegram, s_limit, Priority.Transactional, 20);

        Assert.Null(await server.Redis.GetDatabase().KeyTimeToLiveAsync(keys.Window(Channel.Telegram)));
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task No_window_holds_more_than_the_limit_whatever_the_arrivals(StoreKind kind)
    {
        var server = await stores.Get(kind);
        var steps = Gen.Select(Gen.Int[0, 700], Gen.Int[1, 25], Gen.Bool).List[1, 40];
        await Gen.Select(Gen.Int[1, 20], steps).SampleAsync(
            async (most, arrivals) =>
            {
                FakeTimeProvider clock = new(s_start);
                RateLimit limit = new(most, TimeSpan.FromSeconds(1));
                PermitStore permits = new(server.Redis, new Keys(Store.NewServiceId()), new StoreClock(clock, storeFollowsClock: true));
                List<DateTimeOffset> granted = [];
                foreach (var (wait, wanted, campaign) in arrivals)
                {
                    clock.Advance(TimeSpan.FromMilliseconds(wait));
                    var priority = campaign ? Priority.Campaign : Priority.Transactional;
                    var grant = await permits.Take(Channel.Telegram, limit, priority, wanted);
                    granted.AddRange(Enumerable.Repeat(clock.GetUtcNow(), grant.Permits));
                }

                return granted.All(start => granted.Count(at => at >= start && at < start + limit.GrantWindow) <= most);
            },
            iter: 60, threads: 1);
    }

    private async Task<PermitStore> Open(StoreKind kind)
    {
        var server = await stores.Get(kind);
        return new PermitStore(server.Redis, new Keys(Store.NewServiceId()), new StoreClock(_clock, storeFollowsClock: true));
    }
}
