using OrleansNotify.Campaigns;
using OrleansNotify.Tests.Campaigns;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;
using OrleansNotify.Users;

namespace OrleansNotify.Tests.Promises;

public sealed class What_was_skipped_leaves_a_trace(StoreFixture stores)
{
    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task Among_the_users_messages_with_the_reason(StoreKind kind)
    {
        await using var cluster = await stores.Cluster(kind);
        var user = await cluster.UserWith(preferences: new Preferences { UnsubscribedTypes = ["education"] });

        var receipt = await user.Send(Given.Insight);

        Assert.Equal((ReceiptStatus.Skipped, null), (receipt.Status, receipt.MessageId));
        var trace = Assert.Single((await user.ListMessages(null, 10)).Items);
        Assert.Equal((MessageStatus.Skipped, Reasons.Unsubscribed, "daily_insight"), (trace.Status, trace.Reason, trace.TemplateName));
        var skipped = Assert.Single(trace.Events);
        Assert.Equal((MessageEventType.Skipped, Reasons.Unsubscribed, cluster.Clock.GetUtcNow()), (skipped.Type, skipped.Detail, skipped.At));
        Assert.Equivalent(trace, await user.GetMessage(trace.MessageId));
        Assert.Equal(CancelResult.Settled, await user.Cancel(trace.MessageId));
        Assert.Equal("1", await Counted(cluster, Reasons.Unsubscribed));
        Assert.Equal(0, await cluster.AgendaLength());

        cluster.Clock.Advance(HistoryLimits.Default.Age);
        Assert.Empty((await user.ListMessages(null, 10)).Items);
    }

    [Fact]
    public async Task That_pushes_out_no_message_however_many_there_are()
    {
        await using var cluster = await NotifyCluster.Start(await stores.Get(StoreKind.Embedded), history: new HistoryLimits(3, TimeSpan.FromDays(1)));
        var user = await cluster.UserWith(preferences: new Preferences { UnsubscribedTypes = ["education"] });
        var sent = (await user.Send(Given.Alert)).MessageId;
        await user.Until(sent, MessageStatus.Sent);

        for (var i = 0; i < HistoryLimits.Skipped + 5; i++) await user.Send(Given.Insight);

        Assert.Equal(HistoryLimits.Skipped, await cluster.Redis.ListLengthAsync(cluster.Keys.Skipped("ann")));
        Assert.True(await cluster.Redis.KeyTimeToLiveAsync(cluster.Keys.Skipped("ann")) <= TimeSpan.FromDays(1));
        Assert.Equal(MessageStatus.Sent, (await user.GetMessage(sent!.Value))!.Status);
        Assert.Equal("55", await Counted(cluster, Reasons.Unsubscribed));
        // Without the variables: one is some hundred bytes, whatever was to be sent.
        Assert.All(await cluster.Redis.ListRangeAsync(cluster.Keys.Skipped("ann")), trace => Assert.InRange(trace.Length(), 1, 500));
    }

    [Fact]
    public async Task Not_of_an_unknown_user_nor_of_a_request_that_is_not_valid()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        Assert.Equal(ReceiptStatus.Rejected, (await cluster.User("nobody").Send(Given.Alert)).Status);
        Assert.Equal(ReceiptStatus.Rejected, (await (await cluster.UserWith()).Send(Given.Alert with { TemplateName = "none" })).Status);
        Assert.False(await cluster.Redis.KeyExistsAsync(cluster.Keys.Skipped("nobody")));
        Assert.False(await cluster.Redis.KeyExistsAsync(cluster.Keys.Skipped("ann")));
    }

    [Fact]
    public async Task Of_a_campaigns_recipients_as_well()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        await cluster.UserWith("u0", email: false);
        var campaign = cluster.Campaign();
        await campaign.Start(Audience.Insight, ["u0", "nobody"]);
        await cluster.Until(campaign, view => view.Status == CampaignStatus.Done, TimeSpan.FromSeconds(1));

        var trace = Assert.Single((await cluster.User("u0").ListMessages(null, 10)).Items);
        Assert.Equal((MessageStatus.Skipped, Reasons.NoAddress), (trace.Status, trace.Reason));
        Assert.Equal(new CampaignPlace(campaign.GetPrimaryKey(), 0).MessageFor("u0"), trace.MessageId);
        Assert.Equal(("1", "1"), (await Counted(cluster, Reasons.NoAddress), await Counted(cluster, Reasons.UnknownUser)));
    }

    [Fact]
    public async Task Where_the_store_does_not_answer_nothing_is_said_to_be_skipped()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var user = await cluster.UserWith(email: false);
        cluster.Store().OnCommit = _ => new Fault();
        Assert.Equal(ReceiptStatus.Unavailable, (await user.Send(Given.Alert)).Status);
        Assert.Equal("0", await Counted(cluster, Reasons.NoAddress));
    }

    private static Task<string?> Counted(NotifyCluster cluster, string reason) => cluster.Counted($"messages_skipped_total{{reason=\"{reason}\"}}");
}
