using System.Collections.Immutable;
using OrleansNotify.Campaigns;
using OrleansNotify.Delivery;
using OrleansNotify.RateLimiting;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.Campaigns;

/// <summary>A campaign's recipients, by state.</summary>
public sealed class RecipientsTests(StoreFixture stores)
{
    private static async Task<List<CampaignRecipientView>> Pages(ICampaignGrain campaign, CampaignRecipientState? state, int limit)
    {
        List<CampaignRecipientView> found = [];
        string? cursor = null;
        do
        {
            var page = (await campaign.Recipients(state, cursor, limit))!;
            Assert.InRange(page.Items.Length, 0, limit);
            found.AddRange(page.Items);
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return found;
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task Each_is_listed_once_in_the_state_that_the_counts_have_it_in(StoreKind kind)
    {
        await using var cluster = await stores.Cluster(kind);
        var users = await cluster.Users(30);
        await cluster.UserWith("nomail", email: false);
        cluster.Email.Answer = (job, _) => Task.FromResult(job.UserId == "u7" ? Outcomes.Of(OutcomeKind.Rejected) : Outcomes.Sent);
        var campaign = cluster.Campaign();
        await campaign.Start(Audience.Insight, [.. users, "nomail", "nobody"]);
        var view = await cluster.Until(campaign, view => view.Status == CampaignStatus.Done);

        foreach (var limit in (int[])[1, 7, 100])
        {
            Assert.Equal(users.Where(user => user != "u7").Order(StringComparer.Ordinal), (await Pages(campaign, CampaignRecipientState.Sent, limit)).Select(each => each.UserId));
            Assert.Equal([("nomail", "no_address"), ("nobody", "unknown_user")], (await Pages(campaign, CampaignRecipientState.Skipped, limit)).Select(each => (each.UserId, each.Reason)));
            Assert.Equal("u7", Assert.Single(await Pages(campaign, CampaignRecipientState.DeadLettered, limit)).UserId);
            Assert.Equal(32, (await Pages(campaign, null, limit)).Select(each => each.UserId).Distinct().Count());
        }

        Assert.All(await Pages(campaign, CampaignRecipientState.Sent, 100), each => Assert.Equal(Channel.Email, each.Channel));
        Assert.Equal((29, 2, 1), (view.Sent, view.Skipped, view.DeadLettered));
        foreach (var each in await Pages(campaign, null, 100))
        {
            Assert.Equal(each.State == CampaignRecipientState.Skipped, each.MessageId is null);
            // And the other way: the message names its campaign.
            if (each.MessageId is { } id) Assert.Equal(campaign.GetPrimaryKey(), (await cluster.User(each.UserId).GetMessage(id))!.CampaignId);
        }

        var letters = await cluster.Client.GetGrain<IDeadLetterGrain>(0).List(new DeadLetterFilter(), null, 10);
        Assert.Equal(campaign.GetPrimaryKey(), Assert.Single(letters.Items).CampaignId);
        Assert.Null((await cluster.User("u1").GetMessage((await cluster.User("u1").Send(Given.Alert)).MessageId!.Value))!.CampaignId);
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task Whoever_has_no_message_is_where_the_campaign_is(StoreKind kind)
    {
        var limits = ImmutableDictionary<Channel, RateLimit>.Empty.Add(Channel.Email, new RateLimit(1, TimeSpan.FromMinutes(1)));
        await using var cluster = await NotifyCluster.Start(await stores.Get(kind), limits: limits);
        await cluster.UserWith("night", preferences: new Preferences { QuietHours = new() { Enabled = true, Start = new(11, 0), End = new(13, 0), TimeZone = "UTC" } });
        var campaign = cluster.Campaign();
        await campaign.Start(Audience.Insight with { BatchSize = 3 }, ["night", .. await cluster.Users(20)]);
        var view = await cluster.Until(campaign, view => view is { Sent: 1, Deferred: 1 });

        // Whoever gets a message between two pages is on both.
        Assert.Equal(view.Waiting, (await Pages(campaign, CampaignRecipientState.Waiting, 4)).Select(each => each.UserId).Distinct().Count());
        Assert.Equal("night", Assert.Single(await Pages(campaign, CampaignRecipientState.Deferred, 4)).UserId);
        Assert.Empty(await Pages(campaign, CampaignRecipientState.Cancelled, 4));

        await campaign.Cancel();
        await cluster.Until(campaign, view => view.Remaining == 0, TimeSpan.FromSeconds(1));

        Assert.Equal(20, (await Pages(campaign, CampaignRecipientState.Cancelled, 4)).Select(each => each.UserId).Distinct().Count());
        Assert.Empty(await Pages(campaign, CampaignRecipientState.Waiting, 4));
        Assert.InRange((await cluster.Redis.KeyTimeToLiveAsync(cluster.Keys.CampaignStates(campaign.GetPrimaryKey())))!.Value.TotalDays, 29, 30);
    }

    [Fact]
    public async Task There_are_none_of_a_campaign_that_is_not_there_and_a_cursor_that_cannot_be_is_told()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);

        Assert.Null(await cluster.Campaign().Recipients(null, null, 10));
        foreach (var cursor in (string[])["~", "bm9zcGFjZQ"]) await Assert.ThrowsAsync<ArgumentException>(() => cluster.Campaign().Recipients(null, cursor, 10));
    }

    /// <summary>Many more recipients make a page no dearer: on each side of it they are passed by their place.</summary>
    [Fact]
    public async Task A_page_costs_the_same_however_many_there_are()
    {
        await using var cluster = await stores.Cluster(StoreKind.Redis);
        var campaign = Guid.NewGuid();
        var order = cluster.Service<RecipientOrder>();
        List<long> seen = [];
        foreach (var (from, to) in new[] { (0, 1000), (1000, 100_000) })
        {
            var entries = Enumerable.Range(from, to - from).Select(i => new StackExchange.Redis.SortedSetEntry($"sent:email u{i:000000}", 0));
            foreach (var part in entries.Chunk(10_000)) await cluster.Redis.SortedSetAddAsync(cluster.Keys.CampaignStates(campaign), part);
            await cluster.Redis.ExecuteAsync("CONFIG", "RESETSTAT");
            for (var i = 0; i < 200; i++)
                Assert.Equal("u000501", (await order.Page(campaign, [RecipientState.Sent], new RecipientEntry("sent:email", "u000500"), 20))[0].User);
            var stats = (string)(await cluster.Redis.ExecuteAsync("INFO", "commandstats"))!;
            seen.Add((long)(1000 * double.Parse(stats.Split("cmdstat_zrangebylex:")[1].Split("usec_per_call=")[1].Split(',')[0], System.Globalization.CultureInfo.InvariantCulture)));
        }

        Assert.InRange(seen[1], 0, 10 * seen[0]);
    }
}
