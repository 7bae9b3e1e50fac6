using System.Collections.Immutable;
using OrleansNotify.Campaigns;
using OrleansNotify.Delivery;
using OrleansNotify.RateLimiting;
using OrleansNotify.Storage;
using OrleansNotify.Tests.Campaigns;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.Promises;

public sealed class A_pause_is_heeded_within_a_batch(StoreFixture stores)
{
    private const int Recipients = 40, Batch = 10;

    private static readonly ImmutableDictionary<Channel, RateLimit> s_slow =
        ImmutableDictionary<Channel, RateLimit>.Empty.Add(Channel.Email, new RateLimit(2, TimeSpan.FromMinutes(1)));

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task What_waits_without_an_attempt_is_handed_back_and_made_again_after_the_pause(StoreKind kind)
    {
        await using var cluster = await NotifyCluster.Start(await stores.Get(kind), limits: s_slow);
        var (campaign, lane) = await Waiting(cluster);
        var sent = (await campaign.Get())!.Sent;

        Assert.Equal(CampaignStatus.Paused, (await campaign.Pause())!.Status);
        var paused = await cluster.Until(campaign, _ => cluster.Redis.SortedSetLength(lane) == 0, TimeSpan.FromSeconds(1));
        Assert.InRange(cluster.Email.Jobs.Count, sent, sent + 1);
        Assert.Equal((cluster.Email.Jobs.Count, Recipients - cluster.Email.Jobs.Count), (paused.Sent, paused.Waiting));
        await cluster.Closes(campaign.GetPrimaryKey());

        Assert.Equal(CampaignStatus.Running, (await campaign.Resume())!.Status);
        await cluster.Until(campaign, view => view.Status == CampaignStatus.Done, TimeSpan.FromSeconds(1));
        Assert.Equal(Recipients, cluster.Email.Messages.Distinct().Count());
        Assert.Equal(Recipients, cluster.Email.Jobs.Count);
        await cluster.Closes(campaign.GetPrimaryKey());
    }

    /// <summary>What a commit that was answered by nobody had met does not decide the next one.</summary>
    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task What_was_handed_back_by_a_commit_whose_answer_was_lost_is_made_again_too(StoreKind kind)
    {
        await using var cluster = await NotifyCluster.Start(await stores.Get(kind), limits: s_slow);
        var (campaign, lane) = await Waiting(cluster);
        cluster.Store().OnCommit = commit => commit.Writes.Any(write => write.Command == Write.Move && write.Args[1] == RecipientState.New) ? new Fault(Applied: true) : null;
        await campaign.Pause();
        await cluster.Until(campaign, _ => cluster.Redis.SortedSetLength(lane) == 0, TimeSpan.FromSeconds(1));
        Assert.NotEqual(0, cluster.Store().Faults);

        cluster.Store().OnCommit = _ => null;
        await campaign.Resume();
        await cluster.Until(campaign, view => view.Status == CampaignStatus.Done, TimeSpan.FromSeconds(1));
        Assert.Equal(Recipients, cluster.Email.Jobs.Count);
        await cluster.Closes(campaign.GetPrimaryKey());
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task What_has_had_an_attempt_goes_on(StoreKind kind)
    {
        await using var cluster = await NotifyCluster.Start(await stores.Get(kind));
        cluster.Email.Answers(Outcomes.Of(OutcomeKind.Retry));
        var campaign = cluster.Campaign();
        await campaign.Start(Audience.Insight with { BatchSize = Batch, Rate = 60 }, await cluster.Users(Recipients));
        await cluster.Until(campaign, view => view.Retrying > 0);
        await campaign.Pause();
        var made = cluster.Email.Messages.Distinct().Count();

        cluster.Email.Answers(Outcomes.Sent);
        var paused = await cluster.Until(campaign, view => view.Sent == made);
        Assert.Equal((CampaignStatus.Paused, Recipients - made), (paused.Status, paused.Waiting));
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task A_cancel_ends_both_at_their_next_begin(StoreKind kind)
    {
        await using var cluster = await NotifyCluster.Start(await stores.Get(kind), limits: s_slow);
        cluster.Email.Answers(Outcomes.Of(OutcomeKind.Retry));
        var (campaign, lane) = await Waiting(cluster);
        var tried = cluster.Email.Jobs.Count;
        Assert.InRange(tried, 1, 4);

        Assert.Equal(CampaignStatus.Cancelled, (await campaign.Cancel())!.Status);
        var end = await cluster.Until(campaign, view => view.Remaining == 0, TimeSpan.FromSeconds(1));

        Assert.Equal(Recipients, end.Cancelled);
        Assert.InRange(cluster.Email.Jobs.Count, tried, tried + 1);
        Assert.Equal(0, await cluster.Redis.SortedSetLengthAsync(lane));
        await Eventually.True(async () =>
        {
            cluster.Clock.Advance(TimeSpan.FromSeconds(1));
            return await cluster.AgendaLength() == 0;
        });
        await cluster.Closes(campaign.GetPrimaryKey());
    }

    [Fact]
    public async Task A_pause_while_a_batch_is_asked_stops_the_next_and_nobody_is_lost()
    {
        await using var cluster = await NotifyCluster.Start(await stores.Get(StoreKind.Embedded));
        var users = await cluster.Users(Recipients);
        var asked = new TaskCompletionSource();
        var answer = new TaskCompletionSource();
        cluster.Store().Before = commit =>
        {
            if (commit.Outbox != cluster.Keys.Outbox("u3")) return Task.CompletedTask;
            asked.TrySetResult();
            return answer.Task;
        };
        var campaign = cluster.Campaign();
        await campaign.Start(Audience.Insight with { BatchSize = Batch }, users);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        var pause = campaign.Pause();
        answer.SetResult();
        Assert.Equal(CampaignStatus.Paused, (await pause)!.Status);
        var paused = await cluster.Until(campaign, view => view.Sent + view.Waiting == Recipients);
        Assert.InRange(paused.Sent, 0, Batch);

        await campaign.Resume();
        await cluster.Until(campaign, view => view.Status == CampaignStatus.Done);
        Assert.Equal(Recipients, cluster.Email.Jobs.Count);
    }

    private static async Task<(ICampaignGrain Campaign, StackExchange.Redis.RedisKey Lane)> Waiting(NotifyCluster cluster)
    {
        var lane = cluster.Keys.Lane(Channel.Email, Priority.Campaign);
        var campaign = cluster.Campaign();
        await campaign.Start(Audience.Insight with { BatchSize = Batch }, await cluster.Users(Recipients));
        await cluster.Until(campaign, _ => cluster.Email.Jobs.Count > 0 && cluster.Redis.SortedSetLength(lane) >= Batch - 1);
        return (campaign, lane);
    }
}
