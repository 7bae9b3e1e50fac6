using OrleansNotify.Delivery;
using OrleansNotify.RateLimiting;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.Promises;

public sealed class A_host_that_refuses_everybody_disables_nobody(StoreFixture stores)
{
    private static readonly Outcome s_blocked = Outcomes.Of(OutcomeKind.Refused, "550", Given.Email) with { OfAddress = true, Detail = "550 blocked" };

    [Fact]
    public async Task However_many_it_refuses_and_all_get_theirs_when_it_has_changed_its_mind()
    {
        await using var cluster = await NotifyCluster.Start(await stores.Get(StoreKind.Embedded), silos: 2);
        var users = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => cluster.UserWith($"u{i}")));
        // It was well before: that somebody was reached then says nothing.
        await users[0].Until((await users[0].Send(Given.Alert)).MessageId, MessageStatus.Sent);
        cluster.Clock.Advance(TimeSpan.FromSeconds(1));
        cluster.Email.Answers(s_blocked);
        var receipts = await Task.WhenAll(users.Select(user => user.Send(Given.Alert)));

        ChannelWatch[] silos = [cluster.Service<ChannelWatch>(0), cluster.Service<ChannelWatch>(1)];
        await Eventually.True(async () =>
        {
            await Task.WhenAll(silos.Select(silo => silo.LookAll()));
            return silos.All(silo => silo.StateOf(Channel.Email).Circuit is not null);
        });
        for (var i = 0; i < 120; i++)
        {
            cluster.Clock.Advance(TimeSpan.FromSeconds(5));
            await Task.WhenAll(silos.Select(silo => silo.LookAll()));
        }

        Assert.All(await Task.WhenAll(users.Select(user => user.GetUser())), user => Assert.Empty(user!.Disabled));
        Assert.Equal(0, await cluster.Redis.SortedSetLengthAsync(cluster.Keys.LettersOfAll));
        cluster.Email.Answers(Outcomes.Sent);
        foreach (var (user, receipt) in users.Zip(receipts))
        {
            await Eventually.True(async () =>
            {
                cluster.Clock.Advance(TimeSpan.FromSeconds(1));
                return (await user.GetMessage(receipt.MessageId!.Value))!.Status == MessageStatus.Sent;
            });
        }
    }

    [Fact]
    public async Task One_lone_alert_at_night_included()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var user = await cluster.UserWith();
        var other = await cluster.UserWith("bob");
        await other.Until((await other.Send(Given.Alert)).MessageId, MessageStatus.Sent);
        cluster.Clock.Advance(TimeSpan.FromHours(3));
        cluster.Email.Answers(s_blocked);

        var receipt = await user.Send(Given.Failure);

        await Eventually.True(async () =>
        {
            cluster.Clock.Advance(TimeSpan.FromMilliseconds(500));
            return (await user.GetMessage(receipt.MessageId!.Value))!.Status == MessageStatus.DeadLettered;
        });
        Assert.Empty((await user.GetUser())!.Disabled);
        Assert.Equal(3, cluster.Email.Jobs.Count(job => job.UserId == "ann"));
        cluster.Email.Answers(Outcomes.Sent);
        await user.Until((await user.Send(Given.Failure)).MessageId, MessageStatus.Sent);
    }
}
