using OrleansNotify.Delivery;
using OrleansNotify.Storage;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;
using OrleansNotify.Users;

namespace OrleansNotify.Tests.Users;

/// <summary>What the agenda and the lanes find when they come to a user.</summary>
public sealed class WakeTests(StoreFixture stores)
{
    private static readonly Guid s_nobodys = Guid.Parse("01900000-0000-7000-8000-000000000001");

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task Entries_of_which_the_outbox_knows_nothing_are_taken_away(StoreKind kind)
    {
        await using var cluster = await stores.Cluster(kind);
        await cluster.UserWith();
        var ghost = new MessageKey("ann", s_nobodys).Format();
        await cluster.Redis.SortedSetAddAsync(cluster.Keys.Agenda(Keys.ShardOf("ann")), ghost, 1);
        await cluster.Redis.SortedSetAddAsync(cluster.Keys.Lane(Channel.Email, Priority.Transactional), ghost, 1);

        await Eventually.True(async () =>
        {
            cluster.Clock.Advance(TimeSpan.FromSeconds(1));
            return await cluster.AgendaLength() == 0 && await LaneLength(cluster) == 0;
        });
        Assert.Empty(cluster.Email.Jobs);
    }

    [Fact]
    public async Task A_spurious_wake_sets_the_entry_to_the_messages_own_time()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var user = await cluster.UserWith();
        var later = cluster.Clock.GetUtcNow().AddHours(2);
        var receipt = await user.Send(Given.Alert with { SendAt = later });
        var entry = new MessageKey("ann", receipt.MessageId!.Value).Format();
        var shard = cluster.Keys.Agenda(Keys.ShardOf("ann"));
        await cluster.Redis.SortedSetAddAsync(shard, entry, 1);

        await cluster.Client.GetGrain<IUserDelivery>("ann").Wake([receipt.MessageId.Value]);

        Assert.InRange((await cluster.Redis.SortedSetScoreAsync(shard, entry))!.Value - later.ToUnixTimeMilliseconds(), 0, 5);
    }

    [Fact]
    public async Task A_waiting_message_whose_lane_entry_was_lost_gets_it_back_and_at_the_end_of_its_life_it_is_too_old()
    {
        await using var cluster = await NotifyCluster.Start(await stores.Get(StoreKind.Embedded), room: 0);
        var user = await cluster.UserWith();
        var receipt = await user.Send(Given.Alert);
        await cluster.Redis.KeyDeleteAsync(cluster.Keys.Lane(Channel.Email, Priority.Transactional));

        await Eventually.True(async () =>
        {
            cluster.Clock.Advance(TimeSpan.FromMinutes(10));
            return await LaneLength(cluster) == 1;
        });
        await Eventually.True(async () =>
        {
            cluster.Clock.Advance(TimeSpan.FromMinutes(30));
            return (await user.GetMessage(receipt.MessageId!.Value))!.Status == MessageStatus.DeadLettered;
        });
        Assert.Equal(Reasons.TooOld, (await user.GetMessage(receipt.MessageId!.Value))!.Events[^1].Detail);
        Assert.Equal(0, await LaneLength(cluster));
        Assert.Null(await cluster.User("bob").GetMessage(receipt.MessageId.Value));
    }

    [Fact]
    public async Task A_message_whose_turn_comes_in_quiet_hours_leaves_the_lane_for_the_agenda()
    {
        await using var cluster = await NotifyCluster.Start(await stores.Get(StoreKind.Embedded), room: 0);
        var user = await cluster.UserWith(preferences: new Preferences { QuietHours = new QuietHours { Enabled = true, Start = new(12, 1), End = new(13, 0) } });
        var receipt = await user.Send(Given.Alert);

        await Eventually.True(async () =>
        {
            cluster.Clock.Advance(TimeSpan.FromSeconds(1));
            return (await user.GetMessage(receipt.MessageId!.Value))!.Status == MessageStatus.Deferred;
        });
        Assert.Equal(0, await LaneLength(cluster));
        Assert.Equal(1, await cluster.AgendaLength());
    }

    [Fact]
    public async Task A_message_that_waits_in_its_lane_can_be_cancelled()
    {
        await using var cluster = await NotifyCluster.Start(await stores.Get(StoreKind.Embedded), room: 0);
        var user = await cluster.UserWith();
        var receipt = await user.Send(Given.Alert);
        await user.SetPreferences(new Preferences { UnsubscribedTypes = ["education"] });
        Assert.Equal(1, await LaneLength(cluster));

        Assert.Equal(CancelResult.Cancelled, await user.Cancel(receipt.MessageId!.Value));
        Assert.Equal(0, await LaneLength(cluster));
    }

    [Fact]
    public async Task An_attempt_that_runs_is_let_run()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var user = await cluster.UserWith();
        var answer = cluster.Email.Hang();
        var receipt = await user.Send(Given.Alert);
        var before = await Score(cluster, receipt.MessageId!.Value);

        await Eventually.True(async () =>
        {
            cluster.Clock.Advance(TimeSpan.FromSeconds(1));
            return await Score(cluster, receipt.MessageId.Value) > before + 9_000;
        });
        Assert.Equal(MessageStatus.Sending, (await user.GetMessage(receipt.MessageId.Value))!.Status);
        answer.SetResult(Outcomes.Sent);
        await user.Until(receipt.MessageId, MessageStatus.Sent);
    }

    [Fact]
    public async Task A_late_yes_settles_a_message_that_waits_and_any_other_late_answer_is_dropped()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var user = await cluster.UserWith();
        cluster.Email.Answers(Outcomes.Of(OutcomeKind.Retry));
        var id = (await user.Send(Given.Alert)).MessageId!.Value;
        await user.Until(id, MessageStatus.Retrying);
        var delivery = cluster.Client.GetGrain<IUserDelivery>("ann");

        await delivery.Settle(id, 7, Channel.Email, Outcomes.Of(OutcomeKind.Rejected), TimeSpan.Zero);
        await delivery.Settle(s_nobodys, 1, Channel.Email, Outcomes.Sent, TimeSpan.Zero);
        Assert.Equal(MessageStatus.Retrying, (await user.GetMessage(id))!.Status);
        await delivery.TakeOther(id);
        await delivery.Settle(id, 7, Channel.Email, Outcomes.Sent, TimeSpan.FromSeconds(3));

        Assert.Equal(MessageStatus.Sent, (await user.GetMessage(id))!.Status);
    }

    private static Task<long> LaneLength(NotifyCluster cluster) => cluster.Redis.SortedSetLengthAsync(cluster.Keys.Lane(Channel.Email, Priority.Transactional));

    private static async Task<double> Score(NotifyCluster cluster, Guid message) =>
        await cluster.Redis.SortedSetScoreAsync(cluster.Keys.Agenda(Keys.ShardOf("ann")), new MessageKey("ann", message).Format()) ?? 0;
}
