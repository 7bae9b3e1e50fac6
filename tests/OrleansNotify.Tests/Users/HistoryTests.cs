using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;
using OrleansNotify.Users;

namespace OrleansNotify.Tests.Users;

public sealed class HistoryTests(StoreFixture stores)
{
    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task Settled_messages_are_kept_up_to_a_number_and_shown_up_to_an_age(StoreKind kind)
    {
        HistoryLimits limits = new(3, TimeSpan.FromDays(2));
        await using var cluster = await NotifyCluster.Start(await stores.Get(kind), history: limits);
        var user = await cluster.UserWith();
        List<Guid> ids = [];
        for (var i = 0; i < 4; i++)
        {
            ids.Add((await user.Send(Given.Alert)).MessageId!.Value);
            await user.Until(ids[i], MessageStatus.Sent);
            cluster.Clock.Advance(TimeSpan.FromHours(12));
        }

        Assert.Equal(3, await cluster.Redis.ListLengthAsync(cluster.Keys.History("ann")));
        Assert.InRange((await cluster.Redis.KeyTimeToLiveAsync(cluster.Keys.History("ann")))!.Value, limits.Age - TimeSpan.FromMinutes(5), limits.Age);
        Assert.Equal(ids.Skip(1).Reverse(), (await user.ListMessages(null, 10)).Items.Select(item => item.MessageId));
        Assert.Null(await user.GetMessage(ids[0]));

        cluster.Clock.Advance(TimeSpan.FromHours(12));

        Assert.Equal(ids.Skip(2).Reverse(), (await user.ListMessages(null, 10)).Items.Select(item => item.MessageId));
        Assert.Null(await user.GetMessage(ids[1]));
    }
}
