using OrleansNotify.Delivery;
using OrleansNotify.Tests.Campaigns;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.DeadLetters;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.Promises;

public sealed class A_late_redrive_moves_its_recipient_to_sent(StoreFixture stores)
{
    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task And_the_campaign_stays_finished(StoreKind kind)
    {
        await using var cluster = await stores.Cluster(kind);
        cluster.Email.Answer = (job, _) => Task.FromResult(job.UserId == "u1" ? Outcomes.Of(OutcomeKind.Rejected) : Outcomes.Sent);
        var campaign = cluster.Campaign();
        await campaign.Start(Audience.Insight, await cluster.Users(3));
        var done = await cluster.Until(campaign, view => view.Status == CampaignStatus.Done);
        Assert.Equal((2, 1), (done.Sent, done.DeadLettered));

        await Redrive(cluster);
        var late = await cluster.Until(campaign, view => view.Sent == 3);

        Assert.Equal((CampaignStatus.Done, 0), (late.Status, late.DeadLettered));
        Assert.Equal(4, cluster.Email.Jobs.Count);
        await cluster.Closes(campaign.GetPrimaryKey());
    }

    [Fact]
    public async Task Whatever_became_of_the_campaign()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        cluster.Email.Answers(Outcomes.Of(OutcomeKind.Rejected));
        var campaign = cluster.Campaign();
        await campaign.Start(Audience.Insight with { BatchSize = 1, Rate = 1 }, await cluster.Users(3));
        await cluster.Until(campaign, view => view.DeadLettered == 1);
        Assert.Equal(2, (await campaign.Cancel())!.Cancelled);

        await Redrive(cluster);

        var late = await cluster.Until(campaign, view => view.Sent == 1);
        Assert.Equal((CampaignStatus.Cancelled, 2, 0), (late.Status, late.Cancelled, late.DeadLettered));
    }

    private static async Task Redrive(NotifyCluster cluster)
    {
        var letter = Assert.Single((await cluster.Letters().List(new(), null, 10)).Items);
        cluster.Email.Answers(Outcomes.Sent);
        Assert.Equal(RedriveResult.Redriven, await cluster.Letters().Redrive(letter.Id, "ops"));
    }
}
