using System.Collections.Immutable;
using OrleansNotify.Campaigns;
using OrleansNotify.RateLimiting;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.Campaigns;

public sealed class CampaignGrainTests(StoreFixture stores)
{
    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task Everybody_gets_one_message_and_the_ledger_closes(StoreKind kind)
    {
        await using var cluster = await NotifyCluster.Start(await stores.Get(kind));
        var users = await cluster.Users(250);
        var campaign = cluster.Campaign();

        var receipt = await campaign.Start(Audience.Insight, [.. users, "u7", "nobody"]);
        Assert.Equal((251, 1), (receipt.Queued, receipt.Failed));
        Assert.Equal([new CampaignLineError(251, CampaignRules.Duplicate)], receipt.Errors);
        var done = await cluster.Until(campaign, view => view.Status == CampaignStatus.Done);

        Assert.Equal((251, 250, 1), (done.Targeted, done.Sent, done.Skipped));
        Assert.Equal(1, done.SkippedByReason[Reasons.UnknownUser]);
        Assert.Equal(250, done.SentByChannel["email"]);
        Assert.Equal(users.Order(), cluster.Email.Jobs.Select(job => job.UserId).Order());
        Assert.Equal(0, await cluster.AgendaLength());
    }

    [Fact]
    public async Task A_pause_hands_back_what_waits_a_resume_goes_on_and_a_cancel_ends_it()
    {
        var limits = ImmutableDictionary<Channel, RateLimit>.Empty.Add(Channel.Email, new RateLimit(2, TimeSpan.FromMinutes(1)));
        await using var cluster = await NotifyCluster.Start(await stores.Get(StoreKind.Embedded), limits: limits);
        var users = await cluster.Users(40);
        var campaign = cluster.Campaign();
        await campaign.Start(Audience.Insight with { BatchSize = 10 }, users);
        var lane = cluster.Keys.Lane(Channel.Email, Priority.Campaign);
        await cluster.Until(campaign, _ => cluster.Redis.SortedSetLength(lane) >= 9);

        Assert.Equal(CampaignStatus.Paused, (await campaign.Pause())!.Status);
        var paused = await cluster.Until(campaign, _ => cluster.Redis.SortedSetLength(lane) == 0, TimeSpan.FromSeconds(1));
        var sent = cluster.Email.Jobs.Count;
        Assert.Equal((sent, 40 - sent), (paused.Sent, paused.Waiting));

        Assert.Equal(CampaignStatus.Running, (await campaign.Resume())!.Status);
        await cluster.Until(campaign, _ => cluster.Redis.SortedSetLength(lane) >= 9);
        Assert.Equal(CampaignStatus.Cancelled, (await campaign.Cancel())!.Status);
        var end = await cluster.Until(campaign, view => view.Remaining == 0, TimeSpan.FromSeconds(1));
        Assert.Equal(40, end.Sent + end.Cancelled);
        Assert.InRange(end.Sent, sent, 20);
        Assert.Equal(0, await cluster.Redis.SortedSetLengthAsync(lane));
        Assert.Equal(cluster.Email.Jobs.Count, cluster.Email.Messages.Distinct().Count());
        await Eventually.True(async () => await cluster.AgendaLength() == 0);
    }
}
