using System.Collections.Concurrent;
using System.Collections.Immutable;
using OrleansNotify.Delivery;
using OrleansNotify.RateLimiting;
using OrleansNotify.Storage;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.Promises;

public sealed class No_window_holds_more_than_the_limit(StoreFixture stores)
{
    private static readonly RateLimit s_limit = new(20, TimeSpan.FromSeconds(1));
    private static readonly ImmutableDictionary<Channel, RateLimit> s_limits = ImmutableDictionary<Channel, RateLimit>.Empty.Add(Channel.Telegram, s_limit);

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task Over_two_silos_with_both_lanes_full(StoreKind kind)
    {
        await using var cluster = await NotifyCluster.Start(await stores.Get(kind), silos: 2, limits: s_limits);
        var starts = Record(cluster);
        await Fill(cluster, 30, Priority.Campaign);
        await Fill(cluster, 50, Priority.Transactional);

        await Drain(cluster, starts, 80);

        Assert.All(starts, start => Assert.InRange(starts.Count(other => other.At >= start.At && other.At < start.At + s_limit.Window), 1, s_limit.Count));
    }

    [Fact]
    public async Task A_transactional_message_leaves_before_a_campaign_backlog_and_an_urgent_one_before_all()
    {
        await using var cluster = await NotifyCluster.Start(await stores.Get(StoreKind.Embedded), limits: s_limits);
        var starts = Record(cluster);
        await Fill(cluster, 40, Priority.Campaign);
        await Fill(cluster, 45, Priority.Transactional);
        var urgent = (await (await cluster.UserWith("urgent", telegram: true, email: false)).Send(Given.Failure)).MessageId!.Value;

        await Drain(cluster, starts, 86);

        var order = starts.OrderBy(start => start.At).ThenBy(start => start.Order).ToList();
        var campaign = order.Where(start => start.Priority == Priority.Campaign).ToList();
        var transactional = order.Where(start => start.Priority == Priority.Transactional).ElementAt(39);
        Assert.InRange(order.TakeWhile(start => start != transactional).Count(start => start.Priority == Priority.Campaign), 0, 4);
        Assert.Equal(40, campaign.Count);
        Assert.InRange(order.FindIndex(start => start.Id == urgent), 0, 44);
    }

    [Fact]
    public async Task A_turn_that_was_over_gives_the_message_its_place_back()
    {
        await using var cluster = await NotifyCluster.Start(await stores.Get(StoreKind.Embedded), limits: s_limits);
        var withdrawn = 0;
        cluster.Telegram.Answer = (job, _) =>
        {
            Assert.NotEqual(Timeout.InfiniteTimeSpan, job.Turn.Left);
            return Task.FromResult(withdrawn++ == 0 ? Outcomes.Of(OutcomeKind.Withdrawn) : Outcomes.Sent);
        };
        var user = await cluster.UserWith(telegram: true);

        var receipt = await user.Send(Given.Alert);

        await Eventually.True(async () =>
        {
            cluster.Clock.Advance(TimeSpan.FromMilliseconds(20));
            return (await user.GetMessage(receipt.MessageId!.Value))!.Status == MessageStatus.Sent;
        });
        Assert.Equal(1, (await user.GetMessage(receipt.MessageId!.Value))!.Events.Count(e => e.Type == MessageEventType.Attempt));
        Assert.Equal(2, cluster.Telegram.Jobs.Count);
    }

    [Fact]
    public async Task A_turn_is_over_when_its_commit_was_answered_too_late()
    {
        await using var cluster = await NotifyCluster.Start(await stores.Get(StoreKind.Embedded), limits: s_limits);
        var late = true;
        cluster.Store().OnAnswer = commit =>
        {
            if (!late || commit.Conditions.Count == 0) return;
            late = false;
            cluster.Clock.Advance(s_limit.PermitLife);
        };
        ConcurrentQueue<bool> over = [];
        cluster.Telegram.Answer = (job, _) =>
        {
            over.Enqueue(job.Turn.IsOver);
            return Task.FromResult(job.Turn.IsOver ? Outcomes.Of(OutcomeKind.Withdrawn) : Outcomes.Sent);
        };
        var user = await cluster.UserWith(telegram: true);

        var receipt = await user.Send(Given.Alert);

        await Eventually.True(async () =>
        {
            if (!late) cluster.Clock.Advance(TimeSpan.FromMilliseconds(5));
            return (await user.GetMessage(receipt.MessageId!.Value))!.Status == MessageStatus.Sent;
        });
        Assert.True(over.First());
        Assert.False(over.Last());
    }

    [Fact]
    public async Task A_permit_that_the_first_in_the_lane_does_not_need_goes_to_the_next()
    {
        var limits = s_limits.SetItem(Channel.Telegram, new RateLimit(1, TimeSpan.FromSeconds(1)));
        await using var cluster = await NotifyCluster.Start(await stores.Get(StoreKind.Embedded), limits: limits);
        var watch = cluster.Service<ChannelWatch>();
        var lane = cluster.Keys.Lane(Channel.Telegram, Priority.Transactional);
        watch.Pause(Channel.Telegram, null, cluster.Clock.GetUtcNow().AddSeconds(20));
        await Eventually.True(async () =>
        {
            await watch.LookAll();
            return watch.StateOf(Channel.Telegram).PausedUntil is not null;
        });
        var user = await cluster.UserWith(email: false, telegram: true);
        var receipt = await user.Send(Given.Alert);
        await cluster.Redis.SortedSetAddAsync(lane, new MessageKey("zed", Guid.Empty).Format(), 1);

        cluster.Clock.Advance(TimeSpan.FromSeconds(20));
        await user.Until(receipt.MessageId, MessageStatus.Sent);
        Assert.Equal(1, await cluster.Redis.SortedSetLengthAsync(cluster.Keys.Window(Channel.Telegram)));

        await cluster.Redis.SortedSetAddAsync(lane, new MessageKey("zed", Guid.Empty).Format(), 1);
        await Eventually.True(async () =>
        {
            cluster.Clock.Advance(TimeSpan.FromMilliseconds(300));
            return await cluster.Redis.SortedSetLengthAsync(lane) == 0;
        });
        Assert.Single(cluster.Telegram.Jobs);
    }

    private static ConcurrentBag<Start> Record(NotifyCluster cluster)
    {
        ConcurrentBag<Start> starts = [];
        cluster.Telegram.Answer = (job, _) =>
        {
            // As a sender does: what its turn is over for is not sent. Not later than the look at it, for the clock is moved on meanwhile.
            var now = cluster.Clock.GetUtcNow();
            if (job.Turn.Left <= TimeSpan.Zero) return Task.FromResult(Outcomes.Of(OutcomeKind.Withdrawn));
            starts.Add(new Start(job.MessageId, now, starts.Count, job.UserId[0] == 'c' ? Priority.Campaign : Priority.Transactional));
            return Task.FromResult(Outcomes.Sent);
        };
        return starts;
    }

    private static async Task Fill(NotifyCluster cluster, int count, Priority priority)
    {
        for (var i = 0; i < count; i++)
        {
            var user = await cluster.UserWith($"{(priority == Priority.Campaign ? 'c' : 't')}{i}", email: false, telegram: true);
            Assert.Equal(ReceiptStatus.Accepted, (await user.Send(Given.Alert with { Priority = priority })).Status);
        }
    }

    private static Task Drain(NotifyCluster cluster, ConcurrentBag<Start> starts, int count) =>
        new PermitPace(cluster, Channel.Telegram).Until(() => starts.Count == count);

    private sealed record Start(Guid Id, DateTimeOffset At, int Order, Priority Priority);
}
