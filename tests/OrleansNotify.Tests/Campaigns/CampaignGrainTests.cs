using System.Collections.Immutable;
using OrleansNotify.Campaigns;
using OrleansNotify.RateLimiting;
using OrleansNotify.Storage;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;
using OrleansNotify.Users;

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
        await Eventually.True(async () => await cluster.AgendaLength() == 0);
        await cluster.Closes(campaign.GetPrimaryKey());
    }

    [Fact]
    public async Task There_is_none_until_it_is_begun()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var campaign = cluster.Campaign();

        Assert.Null(await campaign.Get());
        Assert.Null(await campaign.Pause());
        Assert.Null(await campaign.Resume());
        Assert.Null(await campaign.Cancel());
        Assert.False(await campaign.Add(0, Audience.Of("ann"), []));
        Assert.Null(await campaign.Complete(0));
        await cluster.Redis.SortedSetAddAsync(cluster.Keys.Agenda(Keys.ShardOf(CampaignGrain.AgendaOwner)), new MessageKey(CampaignGrain.AgendaOwner, campaign.GetPrimaryKey()).Format(), 0);
        await Eventually.True(async () =>
        {
            cluster.Clock.Advance(TimeSpan.FromSeconds(1));
            return await cluster.AgendaLength() == 0;
        });
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task Its_time_and_its_pauses_are_kept(StoreKind kind)
    {
        await using var cluster = await stores.Cluster(kind);
        var campaign = cluster.Campaign();
        var settings = Audience.Insight with { StartAt = cluster.Clock.GetUtcNow().AddMinutes(5) };
        await campaign.Start(settings, await cluster.Users(3));

        var scheduled = await cluster.Until(campaign, _ => cluster.Clock.GetUtcNow() >= settings.StartAt - TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(7));
        Assert.Equal((CampaignStatus.Scheduled, 3), (scheduled.Status, scheduled.Waiting));
        Assert.Equal(CampaignStatus.Paused, (await campaign.Pause())!.Status);
        Assert.Equal(CampaignStatus.Scheduled, (await campaign.Resume())!.Status);
        Assert.Empty(cluster.Email.Jobs);

        await cluster.Until(campaign, view => view.Status == CampaignStatus.Done, TimeSpan.FromSeconds(1));
        Assert.True(cluster.Clock.GetUtcNow() >= settings.StartAt);
        Assert.Equal(3, cluster.Email.Jobs.Count);
        foreach (var view in new[] { await campaign.Pause(), await campaign.Resume(), await campaign.Cancel() }) Assert.Equal(CampaignStatus.Done, view!.Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Its_expiry_ends_it_even_in_a_pause(bool paused)
    {
        var limits = ImmutableDictionary<Channel, RateLimit>.Empty.Add(Channel.Email, new RateLimit(2, TimeSpan.FromMinutes(1)));
        await using var cluster = await NotifyCluster.Start(await stores.Get(StoreKind.Embedded), limits: limits);
        var campaign = cluster.Campaign();
        await campaign.Start(Audience.Insight with { BatchSize = 5, ExpiresAt = cluster.Clock.GetUtcNow().AddMinutes(2) }, await cluster.Users(20));
        await cluster.Until(campaign, _ => cluster.Email.Jobs.Count > 0);
        if (paused) await campaign.Pause();

        var end = await cluster.Until(campaign, view => view.Status == CampaignStatus.Done, TimeSpan.FromSeconds(2));

        Assert.Equal((cluster.Email.Jobs.Count, 20 - cluster.Email.Jobs.Count, 0), (end.Sent, end.Expired, end.Remaining));
        Assert.InRange(end.Sent, 1, 5);
        await Eventually.True(async () =>
        {
            cluster.Clock.Advance(TimeSpan.FromSeconds(1));
            return await cluster.AgendaLength() == 0;
        });
        var id = campaign.GetPrimaryKey();
        Assert.False(await cluster.Redis.KeyExistsAsync(cluster.Keys.CampaignAudience(id)));
        Assert.InRange((await cluster.Redis.KeyTimeToLiveAsync(cluster.Keys.CampaignRecipients(id)))!.Value.TotalDays, 29, 30);
    }

    [Fact]
    public async Task Its_own_rate_is_kept()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var campaign = cluster.Campaign();
        await campaign.Start(Audience.Insight with { Rate = 20 }, await cluster.Users(50));
        List<(DateTimeOffset At, int Sent)> seen = [];

        await cluster.Until(campaign, view =>
        {
            seen.Add((cluster.Clock.GetUtcNow(), cluster.Email.Jobs.Count));
            return view.Status == CampaignStatus.Done;
        }, TimeSpan.FromMilliseconds(500));

        foreach (var (at, sent) in seen) Assert.InRange(seen.Last(look => look.At < at.AddMinutes(1)).Sent - sent, 0, 20);
        Assert.InRange(seen[^1].At - seen[0].At, TimeSpan.FromSeconds(140), TimeSpan.FromSeconds(260));
    }

    [Fact]
    public async Task Once_it_has_expired_it_makes_nothing_more_and_waits_for_what_is_open()
    {
        var limits = ImmutableDictionary<Channel, RateLimit>.Empty.Add(Channel.Email, new RateLimit(1, TimeSpan.FromMinutes(1)));
        await using var cluster = await NotifyCluster.Start(await stores.Get(StoreKind.Embedded), limits: limits);
        var campaign = cluster.Campaign();
        var expires = cluster.Clock.GetUtcNow().AddSeconds(50);
        await campaign.Start(Audience.Insight with { BatchSize = 2, ExpiresAt = expires }, await cluster.Users(6));
        await cluster.Until(campaign, _ => cluster.Redis.SortedSetLength(cluster.Keys.Lane(Channel.Email, Priority.Campaign)) > 0);

        // Messages that cannot be settled for a while.
        cluster.Store().OnCommit = commit => commit.Outbox == cluster.Keys.Campaign(campaign.GetPrimaryKey()) ? null : new Fault();
        var open = await cluster.Until(campaign, _ => cluster.Clock.GetUtcNow() >= expires.AddSeconds(30));
        Assert.Equal(CampaignStatus.Running, open.Status);
        Assert.InRange(open.Remaining, 1, 2);

        cluster.Store().OnCommit = _ => null;
        var end = await cluster.Until(campaign, view => view.Status == CampaignStatus.Done, TimeSpan.FromSeconds(1));
        Assert.Equal(6, end.Sent + end.Expired);
        Assert.InRange(end.Sent, 0, 2);
        await cluster.Closes(campaign.GetPrimaryKey());
    }

    [Fact]
    public async Task It_knows_how_fast_it_goes()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var campaign = cluster.Campaign();
        await campaign.Start(Audience.Insight with { Rate = 60 }, await cluster.Users(60));

        var view = await cluster.Until(campaign, view => view.Sent >= 30, TimeSpan.FromMilliseconds(500));

        // The clock may run ahead of the work: what the rate is held against is how long it took by that clock.
        Assert.InRange(view.RatePerSecond, view.Sent / (cluster.Clock.GetUtcNow() - cluster.Clock.Start).TotalSeconds / 2, 1.1);
        Assert.NotNull(view.EstimatedEnd);
    }

    [Fact]
    public async Task Who_does_not_answer_holds_up_nobody_and_is_asked_again()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var users = await cluster.Users(60);
        var answer = new TaskCompletionSource();
        var silent = users.Take(35).Select(user => cluster.Keys.Outbox(user)).ToHashSet();
        cluster.Store().Before = commit => silent.Contains(commit.Outbox) ? answer.Task : Task.CompletedTask;
        var campaign = cluster.Campaign();
        await campaign.Start(Audience.Insight, users);

        var others = await cluster.Until(campaign, view => view.Sent > 0 && cluster.Redis.SortedSetLength(cluster.Keys.CampaignBack(campaign.GetPrimaryKey())) >= 35, TimeSpan.FromSeconds(1));
        Assert.InRange(others.Waiting, 35, 60);
        answer.SetResult();
        await cluster.Until(campaign, view => view.Status == CampaignStatus.Done, TimeSpan.FromSeconds(1));

        Assert.Equal(users.Order(), cluster.Email.Jobs.Select(job => job.UserId).Order());
        await cluster.Closes(campaign.GetPrimaryKey());
    }

    [Fact]
    public async Task A_full_outbox_leaves_its_user_new_until_there_is_room()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        await cluster.Users(2);
        var full = cluster.User("u1");
        var vars = Given.Alert.TemplateVars.Json.Replace("{", $$"""{"note":"{{new string('x', 15_000)}}",""", StringComparison.Ordinal);
        var request = Given.Alert with { TemplateVars = TemplateVars.Parse(vars), SendAt = cluster.Clock.GetUtcNow().AddHours(1) };
        while ((await full.Send(request)).Status == ReceiptStatus.Deferred) ;
        request = request with { TemplateVars = Given.Alert.TemplateVars };
        while ((await full.Send(request)).Status == ReceiptStatus.Deferred) ;
        var campaign = cluster.Campaign();
        await campaign.Start(Audience.Insight, "u0", "u1");

        await cluster.Until(campaign, view => view is { Sent: 1, Waiting: 1 } && cluster.Redis.SortedSetLength(cluster.Keys.CampaignBack(campaign.GetPrimaryKey())) == 1);
        Assert.Equal(RecipientState.New, (await cluster.StatesOf(campaign.GetPrimaryKey()))["u1"]);

        var done = await cluster.Until(campaign, view => view.Status == CampaignStatus.Done, TimeSpan.FromMinutes(1));
        Assert.Equal(2, done.Sent);
    }

    [Fact]
    public async Task A_lost_cleaning_up_is_made_up_for()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var campaign = cluster.Campaign();
        await campaign.Start(Audience.Insight with { StartAt = cluster.Clock.GetUtcNow().AddDays(1) }, await cluster.Users(2));
        var audience = cluster.Keys.CampaignAudience(campaign.GetPrimaryKey());
        Assert.Null(await cluster.Redis.KeyTimeToLiveAsync(audience));

        Assert.Equal((0, 2), ((await campaign.Cancel())!.Remaining, (await campaign.Get())!.Cancelled));

        await Eventually.True(async () => !await cluster.Redis.KeyExistsAsync(audience) && await cluster.AgendaLength() == 0);
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task A_batch_whose_checkpoint_was_lost_is_asked_again_and_nobody_gets_a_second_message(StoreKind kind)
    {
        await using var cluster = await stores.Cluster(kind);
        var campaign = cluster.Campaign();
        var users = await cluster.Users(12);
        var key = cluster.Keys.Campaign(campaign.GetPrimaryKey());
        await cluster.User("u2").SetPreferences(new Preferences { QuietHours = new() { Enabled = true, Start = new(11, 0), End = new(12, 2), TimeZone = "UTC" } });
        var lost = 0;
        cluster.Store().OnCommit = commit => commit.Outbox == key && commit.Writes.Count == 1 && Interlocked.Increment(ref lost) <= 2 ? new Fault() : null;
        await campaign.Start(Audience.Insight with { BatchSize = 5 }, users);

        var done = await cluster.Until(campaign, view => view.Status == CampaignStatus.Done, TimeSpan.FromSeconds(1));

        Assert.True(lost > 2);
        Assert.Equal((12, 12), (done.Sent, cluster.Email.Jobs.Count));
        await cluster.Closes(campaign.GetPrimaryKey());
    }

    [Fact]
    public async Task A_message_whose_campaign_is_gone_is_cancelled_at_its_turn()
    {
        var limits = ImmutableDictionary<Channel, RateLimit>.Empty.Add(Channel.Email, new RateLimit(1, TimeSpan.FromMinutes(1)));
        await using var cluster = await NotifyCluster.Start(await stores.Get(StoreKind.Embedded), limits: limits);
        var campaign = cluster.Campaign();
        var users = await cluster.Users(2);
        await campaign.Start(Audience.Insight, users);
        await Eventually.True(() => cluster.Email.Jobs.Count == 1 && cluster.Redis.SortedSetLength(cluster.Keys.Lane(Channel.Email, Priority.Campaign)) == 1);
        var waits = users.Except(cluster.Email.Jobs.Select(job => job.UserId)).Single();

        await cluster.Redis.KeyDeleteAsync(cluster.Keys.Campaign(campaign.GetPrimaryKey()));
        await Eventually.True(async () =>
        {
            cluster.Clock.Advance(TimeSpan.FromSeconds(1));
            return (await cluster.User(waits).ListMessages(null, 10)).Items.Single().Status == MessageStatus.Cancelled;
        });

        Assert.Single(cluster.Email.Jobs);
    }

    [Theory]
    [InlineData("none", true)]
    [InlineData("daily_insight", false)]
    public async Task Who_cannot_be_told_anything_by_this_silo_yet_is_left_for_later(string template, bool withVars)
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        await cluster.UserWith();
        cluster.Store().Commits.Clear();
        var request = CampaignRules.RequestOf(Audience.Insight with { TemplateName = template }, withVars ? Given.Insight.TemplateVars : TemplateVars.Empty);

        Assert.Equal(RecruitResult.Later, await cluster.Client.GetGrain<IUserDelivery>("ann").Recruit(new CampaignPlace(Guid.NewGuid(), 0), RecipientState.New, request));
        Assert.Empty(cluster.Store().Commits);
    }

    [Fact]
    public async Task A_push_service_that_is_away_is_waited_for_without_a_message()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var ann = await cluster.UserWith(email: false);
        await cluster.AddDevice("ann", "https://fcm.googleapis.com/1");
        cluster.Service<ChannelWatch>().Pause(Channel.Push, "https://fcm.googleapis.com", cluster.Clock.GetUtcNow().AddSeconds(90));
        var campaign = cluster.Campaign();
        await campaign.Start(Audience.Insight, "ann");

        await cluster.Until(campaign, view => cluster.Redis.SortedSetLength(cluster.Keys.CampaignBack(campaign.GetPrimaryKey())) == 1 && view.Waiting == 1);
        Assert.Empty((await ann.ListMessages(null, 10)).Items);

        await cluster.Until(campaign, view => view is { Status: CampaignStatus.Done, Sent: 1 }, TimeSpan.FromSeconds(1));
        Assert.Single(cluster.Push.Jobs);
    }
}
