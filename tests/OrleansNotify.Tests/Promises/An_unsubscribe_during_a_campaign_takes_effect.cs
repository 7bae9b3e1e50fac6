using System.Collections.Immutable;
using OrleansNotify.RateLimiting;
using OrleansNotify.Storage;
using OrleansNotify.Tests.Campaigns;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.Promises;

public sealed class An_unsubscribe_during_a_campaign_takes_effect(StoreFixture stores)
{
    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task For_whoever_waits_in_the_lane_and_whoever_was_not_asked_yet(StoreKind kind)
    {
        var limits = ImmutableDictionary<Channel, RateLimit>.Empty.Add(Channel.Email, new RateLimit(2, TimeSpan.FromMinutes(1)));
        await using var cluster = await NotifyCluster.Start(await stores.Get(kind), limits: limits);
        var users = await cluster.Users(20);
        var campaign = cluster.Campaign();
        await campaign.Start(Audience.Insight with { BatchSize = 10 }, users);
        await cluster.Until(campaign, _ => cluster.Redis.SortedSetLength(cluster.Keys.Lane(Channel.Email, Priority.Campaign)) >= 9);
        // The last of the lane: its turn is not being given just now.
        var waiting = MessageKey.Parse(cluster.Redis.SortedSetRangeByRank(cluster.Keys.Lane(Channel.Email, Priority.Campaign), -1)[0]!).User;
        var type = TestTemplates.Catalog.Find(Audience.Insight.TemplateName)!.Manifest.Type;

        Assert.NotEmpty((await cluster.User(waiting).ListMessages(null, 10)).Items);
        Assert.Empty((await cluster.User("u19").ListMessages(null, 10)).Items);
        foreach (var user in new[] { waiting, "u19" }) Assert.True(await cluster.User(user).Unsubscribe(type));
        var end = await cluster.Until(campaign, view => view.Status == CampaignStatus.Done, TimeSpan.FromSeconds(1));

        Assert.Equal((18, 2), (end.Sent, end.SkippedByReason[Reasons.Unsubscribed]));
        Assert.Equal(users.Except([waiting, "u19"]).Order(), cluster.Email.Jobs.Select(job => job.UserId).Order());
        await cluster.Closes(campaign.GetPrimaryKey());
    }
}
