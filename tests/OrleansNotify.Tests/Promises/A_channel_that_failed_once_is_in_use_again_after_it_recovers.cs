using OrleansNotify.Delivery;
using OrleansNotify.RateLimiting;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.Promises;

public sealed class A_channel_that_failed_once_is_in_use_again_after_it_recovers(StoreFixture stores)
{
    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task Also_when_every_user_has_a_second_channel(StoreKind kind)
    {
        await using var cluster = await stores.Cluster(kind, silos: 2);
        await InUseAgain(cluster, Given.Failure);
        await InUseAgain(cluster, Given.Alert);
    }

    private static async Task InUseAgain(NotifyCluster cluster, SendRequest request)
    {
        cluster.Telegram.Answers(Outcomes.Of(OutcomeKind.ChannelFault, "401"));
        var users = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => cluster.UserWith($"{request.TemplateName}{i}", telegram: true)));
        var receipts = await Task.WhenAll(users.Select(user => user.Send(request)));
        await Eventually.True(() => cluster.Service<ChannelWatch>().StateOf(Channel.Telegram).Circuit is not null
            || cluster.Service<ChannelWatch>(1).StateOf(Channel.Telegram).Circuit is not null);
        await AllSent(cluster, users, receipts, Channel.Email);

        cluster.Telegram.Answers(Outcomes.Sent);

        await Eventually.True(async () =>
        {
            cluster.Clock.Advance(TimeSpan.FromSeconds(5));
            return await Sent(cluster, users[0], await users[0].Send(request)) == Channel.Telegram;
        });
        await Eventually.True(async () =>
        {
            await Task.WhenAll(cluster.Service<ChannelWatch>(0).LookAll(), cluster.Service<ChannelWatch>(1).LookAll());
            return cluster.Service<ChannelWatch>(0).StateOf(Channel.Telegram).Circuit is null && cluster.Service<ChannelWatch>(1).StateOf(Channel.Telegram).Circuit is null;
        });
        await AllSent(cluster, users, await Task.WhenAll(users.Select(user => user.Send(request))), Channel.Telegram);
    }

    private static async Task AllSent(NotifyCluster cluster, IUserGrain[] users, Receipt[] receipts, Channel channel)
    {
        foreach (var (user, receipt) in users.Zip(receipts)) Assert.Equal(channel, await Sent(cluster, user, receipt));
    }

    private static async Task<Channel?> Sent(NotifyCluster cluster, IUserGrain user, Receipt receipt)
    {
        MessageView? message = null;
        await Eventually.True(async () =>
        {
            message = await user.GetMessage(receipt.MessageId!.Value);
            if (message!.Status == MessageStatus.Sent) return true;
            cluster.Clock.Advance(TimeSpan.FromSeconds(1));
            return false;
        });
        return message!.Channel;
    }
}
