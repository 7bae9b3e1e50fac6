using OrleansNotify.RateLimiting;
using OrleansNotify.Storage;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.Promises;

/// <summary>Keys of a wrong type stand for any error of the store: agenda, lanes and reminders go on as soon as it is over.</summary>
public sealed class A_store_that_errs_stops_nothing_for_good(StoreFixture stores)
{
    [Fact]
    public async Task Neither_the_agenda_nor_the_lanes()
    {
        await using var cluster = await NotifyCluster.Start(await stores.Get(StoreKind.Embedded), room: 0);
        var user = await cluster.UserWith();
        var agenda = cluster.Keys.Agenda(Keys.ShardOf("ann"));
        var lane = cluster.Keys.Lane(Channel.Email, Priority.Transactional);
        await cluster.Redis.StringSetAsync(agenda, "broken");
        await cluster.Redis.StringSetAsync(lane, "broken");
        for (var i = 0; i < 5; i++)
        {
            cluster.Clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(ReceiptStatus.Unavailable, (await user.Send(Given.Alert)).Status);
        }

        await cluster.Redis.KeyDeleteAsync([agenda, lane]);
        cluster.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(ReceiptStatus.Accepted, (await user.Send(Given.Alert)).Status);
        Assert.Equal(1, await cluster.AgendaLength());
    }

    [Fact]
    public async Task Nor_the_waking_of_the_shards()
    {
        var store = await stores.Get(StoreKind.Embedded);
        var serviceId = Store.NewServiceId();
        await store.Redis.GetDatabase().StringSetAsync($"{serviceId}/reminders", "broken");
        await using var cluster = await NotifyCluster.Start(store, serviceId: serviceId);
        for (var i = 0; i < 5; i++) cluster.Clock.Advance(TimeSpan.FromSeconds(1));

        await cluster.Redis.KeyDeleteAsync($"{serviceId}/reminders");

        await Eventually.True(async () =>
        {
            cluster.Clock.Advance(TimeSpan.FromSeconds(1));
            return await cluster.Redis.SortedSetLengthAsync($"{serviceId}/reminders") == Keys.AgendaShards;
        });
    }

    [Fact]
    public async Task Nor_the_turns_of_a_lane_that_cannot_be_read()
    {
        await using var cluster = await NotifyCluster.Start(await stores.Get(StoreKind.Embedded), room: 0);
        var user = await cluster.UserWith();
        var lane = cluster.Keys.Lane(Channel.Email, Priority.Transactional);
        var receipt = await user.Send(Given.Alert);
        await cluster.Redis.KeyDeleteAsync(lane);
        await cluster.Redis.StringSetAsync(lane, "broken");
        for (var i = 0; i < 40; i++)
        {
            cluster.Clock.Advance(TimeSpan.FromMilliseconds(60));
            await cluster.Client.GetGrain<IRateLimiterGrain>("email").Poke();
        }

        await cluster.Redis.KeyDeleteAsync(lane);
        Assert.Equal(MessageStatus.Waiting, (await user.GetMessage(receipt.MessageId!.Value))!.Status);
        await cluster.Service<ChannelWatch>().LookAll();
    }

    [Fact]
    public async Task Nor_a_user_that_cannot_be_asked_to_take_its_other_channel()
    {
        await using var cluster = await NotifyCluster.Start(await stores.Get(StoreKind.Embedded), room: 0);
        var user = await cluster.UserWith(telegram: true);
        var receipt = await user.Send(Given.Failure);
        var silent = new MessageKey("zed", receipt.MessageId!.Value).Format();
        await cluster.Redis.SortedSetAddAsync(cluster.Keys.Lane(Channel.Telegram, Priority.Transactional), silent, 1);
        cluster.Store().IsUnreadable = true;

        cluster.Service<ChannelWatch>().Open(Channel.Telegram, null, "500");

        await Eventually.True(async () =>
        {
            cluster.Clock.Advance(TimeSpan.FromMilliseconds(200));
            return (await user.GetMessage(receipt.MessageId.Value))?.Plan[0] == Channel.Email;
        });
        cluster.Store().IsUnreadable = false;
    }
}
