namespace OrleansNotify.Tests.Stores;

public sealed class StoreTests(StoreFixture stores)
{
    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task A_script_is_atomic(StoreKind kind)
    {
        var store = await stores.Get(kind);
        var key = $"{Store.NewServiceId()}:counter";
        const string increment = "local n = tonumber(redis.call('GET', KEYS[1]) or '0'); redis.call('SET', KEYS[1], n + 1); return n + 1";

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            await using var own = await store.Connect();
            for (var i = 0; i < 50; i++) await own.GetDatabase().ScriptEvaluateAsync(increment, [key]);
        }));

        Assert.Equal(200, (int)await store.Redis.GetDatabase().StringGetAsync(key));
    }

    [Fact]
    public void No_two_tests_get_the_same_service_id() => Assert.NotEqual(Store.NewServiceId(), Store.NewServiceId());
}
