using OrleansNotify.Campaigns;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.Campaigns;

public sealed class CampaignListTests(StoreFixture stores)
{
    private static readonly CampaignFilter s_all = new();

    private static ICampaignListGrain ListOf(NotifyCluster cluster) => cluster.Client.GetGrain<ICampaignListGrain>(0);

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task Campaigns_are_listed_newest_first_a_page_at_a_time(StoreKind kind)
    {
        await using var cluster = await stores.Cluster(kind);
        await cluster.Users(1);
        List<Guid> begun = [];
        for (var i = 0; i < 5; i++)
        {
            var campaign = cluster.Campaign();
            begun.Insert(0, campaign.GetPrimaryKey());
            await campaign.Start(Audience.Insight with { Name = $"Nr. {i}", StartAt = i % 2 == 0 ? null : cluster.Clock.GetUtcNow().AddDays(1) }, "u0");
            await cluster.Until(campaign, view => view.Status == (i % 2 == 0 ? CampaignStatus.Done : CampaignStatus.Scheduled));
        }

        var uploading = cluster.Campaign();
        Assert.True(await uploading.Add((await uploading.Begin(Audience.Insight)).Upload, Audience.Of("u0"), []));
        begun.Insert(0, uploading.GetPrimaryKey());

        Assert.Equal(begun, await Pages(s_all, 2));
        Assert.Equal(begun, await Pages(s_all, 6));
        Assert.Equal(begun, await Pages(s_all, 100));
        Assert.Equal([begun[2], begun[4]], await Pages(new() { State = CampaignStatus.Scheduled }, 1));
        Assert.Equal([begun[3]], await Pages(new() { Name = "nR. 2" }, 1));
        Assert.Empty(await Pages(new() { State = CampaignStatus.Cancelled }, 1));
        var view = (await ListOf(cluster).List(new() { Name = "Nr. 4" }, null, 1)).Items[0];
        Assert.Equal((CampaignStatus.Done, 1, "daily_insight"), (view.Status, view.Sent, view.TemplateName));
        Assert.Equal((await cluster.Campaign(begun[1]).Get())!.CreatedAt, view.CreatedAt);

        async Task<List<Guid>> Pages(CampaignFilter filter, int limit)
        {
            List<Guid> found = [];
            string? cursor = null;
            do
            {
                var page = await ListOf(cluster).List(filter, cursor, limit);
                Assert.InRange(page.Items.Length, 0, limit);
                found.AddRange(page.Items.Select(item => item.CampaignId));
                cursor = page.NextCursor;
            }
            while (cursor is not null);
            return found;
        }
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task A_running_one_tells_its_pace(StoreKind kind)
    {
        await using var cluster = await stores.Cluster(kind);
        var campaign = cluster.Campaign();
        await campaign.Start(Audience.Insight with { Rate = 20 }, await cluster.Users(50));
        await cluster.Until(campaign, view => view.RatePerSecond > 0);

        var listed = Assert.Single((await ListOf(cluster).List(s_all, null, 10)).Items);

        Assert.Equal((CampaignStatus.Running, true), (listed.Status, listed.RatePerSecond > 0));
    }

    /// <summary>As after a kill between the entry and its campaign, an upload that was begun anew, and a campaign whose time has passed.</summary>
    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task An_entry_that_leads_nowhere_is_passed_over_and_in_time_taken_away(StoreKind kind)
    {
        await using var cluster = await stores.Cluster(kind);
        var key = cluster.Keys.Campaigns;
        var now = cluster.Clock.GetUtcNow();
        await cluster.Redis.SortedSetAddAsync(key, new CampaignEntry(now, Guid.NewGuid()).Format(), 0);
        var campaign = cluster.Campaign();
        await cluster.Redis.SortedSetAddAsync(key, new CampaignEntry(now.AddMinutes(-1), campaign.GetPrimaryKey()).Format(), 0);
        await campaign.Start(Audience.Insight, await cluster.Users(1));

        Assert.Single((await ListOf(cluster).List(s_all, null, 10)).Items);
        Assert.Equal(3, await cluster.Redis.SortedSetLengthAsync(key));

        cluster.Clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromSeconds(1));
        Assert.Single((await ListOf(cluster).List(s_all, null, 10)).Items);
        Assert.Equal(1, await cluster.Redis.SortedSetLengthAsync(key));

        // The store's own clock ends a record; here it is taken away.
        await cluster.Until(campaign, view => view.Status == CampaignStatus.Done);
        await cluster.Redis.KeyDeleteAsync(cluster.Keys.Campaign(campaign.GetPrimaryKey()));
        await cluster.Campaign().Start(Audience.Insight, "u0");
        Assert.Equal(1, await cluster.Redis.SortedSetLengthAsync(key));
    }

    [Fact]
    public async Task A_filter_that_takes_little_is_looked_for_so_far_and_the_page_says_where_to_go_on()
    {
        await using var cluster = await stores.Cluster(StoreKind.Redis);
        var old = cluster.Campaign();
        await old.Start(Audience.Insight, await cluster.Users(1));
        cluster.Clock.Advance(TimeSpan.FromSeconds(1));
        var entries = Enumerable.Range(0, 700).Select(i => new CampaignEntry(cluster.Clock.GetUtcNow().AddMilliseconds(i), Guid.NewGuid()).Format());
        await cluster.Redis.SortedSetAddAsync(cluster.Keys.Campaigns, [.. entries.Select(entry => new StackExchange.Redis.SortedSetEntry(entry, 0))]);

        var first = await ListOf(cluster).List(s_all, null, 10);
        var second = await ListOf(cluster).List(s_all, first.NextCursor, 10);

        Assert.Empty(first.Items);
        Assert.Equal((old.GetPrimaryKey(), null), (Assert.Single(second.Items).CampaignId, second.NextCursor));
    }

    [Fact]
    public async Task A_store_that_does_not_answer_and_a_cursor_that_cannot_be_are_told()
    {
        await using var cluster = await stores.Cluster(StoreKind.Redis);
        await cluster.Redis.StringSetAsync(cluster.Keys.Campaigns, "no sorted set");

        await Assert.ThrowsAsync<StoreUnavailableException>(() => ListOf(cluster).List(s_all, null, 10));
        await Assert.ThrowsAsync<ArgumentException>(() => ListOf(cluster).List(s_all, "7", 10));
    }

    [Theory]
    [InlineData("")]
    [InlineData("01767225600000-019be2b600007000800000000000000")]
    [InlineData("01767225600000+019be2b6000070008000000000000001")]
    [InlineData("0176722560000x-019be2b6000070008000000000000001")]
    [InlineData("01767225600000-x19be2b6000070008000000000000001")]
    public void Another_text_is_no_entry(string text) => Assert.Null(CampaignEntry.Parse(text));
}
