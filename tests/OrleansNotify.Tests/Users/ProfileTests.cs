using System.Collections.Immutable;
using OrleansNotify.Delivery;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;
using OrleansNotify.Users;

namespace OrleansNotify.Tests.Users;

public sealed class ProfileTests(StoreFixture stores)
{
    private const string Service = "https://fcm.googleapis.com";

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task What_is_set_is_kept_over_a_restart(StoreKind kind)
    {
        var store = await stores.Get(kind);
        string serviceId;
        Preferences preferences = new() { AlertTypesEnabled = ["a"], UnsubscribedTypes = ["education"], FallbackOrder = [Channel.Email] };
        await using (var cluster = await NotifyCluster.Start(store))
        {
            serviceId = cluster.ServiceId;
            await cluster.UserWith(telegram: true, preferences: preferences);
            await cluster.AddDevice("ann", Service + "/1");
        }

        await using var again = await NotifyCluster.Start(store, serviceId: serviceId);
        var user = (await again.User("ann").GetUser())!;
        Assert.Equal((Given.Email, Given.Chat, "en"), (user.Email, user.TelegramChatId, user.Locale));
        Assert.Equal("fcm.googleapis.com", Assert.Single(user.PushSubscriptions).EndpointHost);
        var kept = (await again.User("ann").GetPreferences())!;
        Assert.Equal(["a"], kept.AlertTypesEnabled);
        Assert.Equal(["education"], kept.UnsubscribedTypes);
        Assert.Equal([Channel.Email], kept.FallbackOrder);
        Assert.NotNull(await again.Client.GetGrain<IUserDelivery>("ann").GetProfile());
        Assert.Null(await again.Client.GetGrain<IUserDelivery>("nobody").GetProfile());
    }

    [Fact]
    public async Task Wrong_addresses_preferences_and_devices_are_named_and_nothing_is_kept()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var user = cluster.User("ann");

        Assert.Contains("email", (await user.SetUser(new UserUpdate { Email = "nobody" })).Errors.Keys);
        Assert.Contains("fallback_order", (await user.SetPreferences(new Preferences { FallbackOrder = [Channel.Push, Channel.Push] })).Errors.Keys);
        Assert.Contains("endpoint", (await user.AddPushSubscription(Devices.At("http://169.254.169.254/x"))).Errors.Keys);
        Assert.Null(await user.GetUser());
        Assert.False(await user.RemovePushSubscription("none"));
    }

    [Fact]
    public async Task The_oldest_of_twenty_devices_gives_way_to_one_more()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        List<string> ids = [];
        for (var i = 0; i < 20; i++) ids.Add(await cluster.AddDevice("ann", $"{Service}/{i}"));
        var before = (await Kept())[0].CreatedAt;
        cluster.Clock.Advance(TimeSpan.FromSeconds(1));

        // One that comes again is the newest, and still one.
        Assert.Equal(ids[0], await cluster.AddDevice("ann", $"{Service}/0"));
        Assert.Equal([.. ids[1..], ids[0]], (await Kept()).Select(device => device.Id));
        Assert.Equal(before + TimeSpan.FromSeconds(1), (await Kept())[^1].CreatedAt);

        var added = await cluster.AddDevice("ann", $"{Service}/20");
        Assert.Equal([.. ids[2..], ids[0], added], (await Kept()).Select(device => device.Id));

        async Task<ImmutableArray<PushSubscriptionView>> Kept() => (await cluster.User("ann").GetUser())!.PushSubscriptions;
    }

    [Fact]
    public async Task A_device_is_taken_away_once()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var id = await cluster.AddDevice("ann", $"{Service}/1");
        Assert.True(await cluster.User("ann").RemovePushSubscription(id));
        Assert.False(await cluster.User("ann").RemovePushSubscription(id));
    }

    [Fact]
    public async Task Without_push_there_are_no_devices()
    {
        await using var cluster = await NotifyCluster.Start(await stores.Get(StoreKind.Embedded), configured: [Channel.Email]);
        Assert.Contains("endpoint", (await cluster.User("ann").AddPushSubscription(Devices.At($"{Service}/1"))).Errors.Keys);
    }

    [Fact]
    public async Task Unsubscribing_twice_is_once()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var user = await cluster.UserWith();
        Assert.True(await user.Unsubscribe("education"));
        Assert.True(await user.Unsubscribe("education"));
        Assert.Equal(["education"], (await user.GetPreferences())!.UnsubscribedTypes);
        Assert.Equal((ReceiptStatus.Skipped, Reasons.Unsubscribed), Of(await user.Send(Given.Insight)));

        static (ReceiptStatus, string?) Of(Receipt receipt) => (receipt.Status, receipt.Reason);
    }

    [Fact]
    public async Task Devices_that_are_gone_are_taken_away_though_the_push_was_sent()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var gone = await cluster.AddDevice("ann", $"{Service}/1");
        var stays = await cluster.AddDevice("ann", $"{Service}/2");
        cluster.Push.Answers(Outcomes.Sent with
        {
            Devices =
            [
                new DeviceOutcome { SubscriptionId = gone, Service = Service, Kind = OutcomeKind.AddressGone },
                new DeviceOutcome { SubscriptionId = stays, Service = Service, Kind = OutcomeKind.Sent },
            ],
        });

        var receipt = await cluster.User("ann").Send(Given.Alert);
        await cluster.User("ann").Until(receipt.MessageId, MessageStatus.Sent);

        Assert.Equal([stays], (await cluster.User("ann").GetUser())!.PushSubscriptions.Select(device => device.Id));
    }

    [Fact]
    public async Task A_profile_that_cannot_be_written_is_not_said_to_be()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var user = await cluster.UserWith();
        var key = ((string[])(await cluster.Redis.ExecuteAsync("KEYS", $"{cluster.ServiceId}/state/*ann*"))!).Single();
        await cluster.Redis.KeyDeleteAsync(key);
        await cluster.Redis.StringSetAsync(key, "not a hash");

        await Assert.ThrowsAnyAsync<Exception>(() => user.SetUser(new UserUpdate { Email = "new@b.example" }));

        await cluster.Redis.KeyDeleteAsync(key);
        cluster.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await user.GetUser());
    }
}
