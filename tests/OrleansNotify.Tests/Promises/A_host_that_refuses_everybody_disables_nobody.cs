using OrleansNotify.Delivery;
using OrleansNotify.RateLimiting;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.Promises;

public sealed class A_host_that_refuses_everybody_disables_nobody(StoreFixture stores)
{
    private static Outcome Refused(string? address) => Outcomes.OfRecipient(OutcomeKind.Refused, "refused", address);

    private static void RefuseAll(NotifyCluster cluster)
    {
        cluster.Email.Answer = (job, _) => Task.FromResult(Refused(job.To.Email));
        cluster.Telegram.Answer = (job, _) => Task.FromResult(Refused(job.To.TelegramChatId));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task However_many_it_refuses_and_all_get_theirs_when_it_has_changed_its_mind(bool telegram)
    {
        await using var cluster = await NotifyCluster.Start(await stores.Get(StoreKind.Embedded), silos: 2);
        var users = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => cluster.UserWith($"u{i}", email: !telegram, telegram: telegram)));
        // It was well before: that somebody was reached then says nothing.
        await users[0].Until((await users[0].Send(Given.Alert)).MessageId, MessageStatus.Sent);
        cluster.Clock.Advance(TimeSpan.FromSeconds(2));
        RefuseAll(cluster);
        var receipts = (await Task.WhenAll(users.Select(user => Task.WhenAll(user.Send(Given.Alert), user.Send(Given.Failure))))).ToList();

        ChannelWatch[] silos = [cluster.Service<ChannelWatch>(0), cluster.Service<ChannelWatch>(1)];
        for (var i = 0; i < 120; i++)
        {
            cluster.Clock.Advance(TimeSpan.FromSeconds(5));
            await Task.WhenAll(silos.Select(silo => silo.LookAll()));
        }

        Assert.All(await Task.WhenAll(users.Select(user => user.GetUser())), user => Assert.Empty(user!.Disabled));
        Assert.Equal(0, await cluster.Redis.SortedSetLengthAsync(cluster.Keys.LettersOfAll));
        Assert.All(silos, silo => Assert.All(Enum.GetValues<Channel>(), channel => Assert.Null(silo.StateOf(channel).Circuit)));
        cluster.Email.Answers(Outcomes.Sent);
        cluster.Telegram.Answers(Outcomes.Sent);
        foreach (var (user, receipt) in users.Zip(receipts).SelectMany(each => each.Second.Select(receipt => (each.First, receipt))))
        {
            await Eventually.True(async () =>
            {
                cluster.Clock.Advance(TimeSpan.FromSeconds(5));
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
        RefuseAll(cluster);

        var receipt = await user.Send(Given.Failure);

        await Eventually.True(async () =>
        {
            cluster.Clock.Advance(TimeSpan.FromMilliseconds(500));
            return (await user.GetMessage(receipt.MessageId!.Value))!.Events.Count(e => e.Outcome == "busy") == 3;
        });
        Assert.Empty((await user.GetUser())!.Disabled);
        Assert.Equal(["refused", "refused", "busy", "busy", "busy"], (await user.GetMessage(receipt.MessageId!.Value))!.Events.Select(e => e.Outcome).OfType<string>());
        cluster.Email.Answers(Outcomes.Sent);
        await Eventually.True(async () =>
        {
            cluster.Clock.Advance(TimeSpan.FromSeconds(5));
            return (await user.GetMessage(receipt.MessageId!.Value))!.Status == MessageStatus.Sent;
        });
    }

    [Fact]
    public async Task While_one_that_refuses_a_person_alone_means_that_person_whichever_silo_reached_the_others()
    {
        await using var cluster = await NotifyCluster.Start(await stores.Get(StoreKind.Embedded), silos: 2);
        var ann = await cluster.UserWith();
        cluster.Email.Answers(Refused(Given.Email));
        var receipt = await ann.Send(Given.Alert);
        await Eventually.True(async () =>
        {
            // Each silo hears of it, whichever ann's grain is on.
            cluster.Service<ChannelWatch>(1).Sent(Channel.Email, "bob");
            await Task.WhenAll(cluster.Service<ChannelWatch>(1).LookAll());
            await Task.WhenAll(cluster.Service<ChannelWatch>(0).LookAll());
            cluster.Clock.Advance(TimeSpan.FromMilliseconds(300));
            return (await ann.GetMessage(receipt.MessageId!.Value))!.Status == MessageStatus.DeadLettered;
        });
        var disabled = Assert.Single((await ann.GetUser())!.Disabled);
        Assert.Equal((Channel.Email, "bounce refused"), (disabled.Channel, disabled.Reason));
        Assert.Equal(3, cluster.Email.Jobs.Count);
    }
}
