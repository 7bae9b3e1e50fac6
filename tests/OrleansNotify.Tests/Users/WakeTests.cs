using OrleansNotify.Delivery;
using OrleansNotify.RateLimiting;
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
        await user.Unsubscribe("education");
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
        await delivery.TakeOther(id, Channel.Telegram);
        await delivery.Settle(id, 7, Channel.Email, Outcomes.Sent, TimeSpan.FromSeconds(3));

        Assert.Equal(MessageStatus.Sent, (await user.GetMessage(id))!.Status);
    }

    [Fact]
    public async Task A_message_takes_its_other_channel_though_its_silo_has_not_seen_that_the_first_is_away()
    {
        await using var cluster = await NotifyCluster.Start(await stores.Get(StoreKind.Embedded), room: 0);
        var user = await cluster.UserWith(telegram: true);
        var id = (await user.Send(Given.Failure)).MessageId!.Value;
        Assert.Equal([Channel.Telegram, Channel.Email], (await user.GetMessage(id))!.Plan);

        await cluster.Client.GetGrain<IUserDelivery>("ann").TakeOther(id, Channel.Telegram);

        Assert.Contains((await user.GetMessage(id))!.Events, each => each is { Type: MessageEventType.Waiting, Channel: Channel.Email });
    }

    [Fact]
    public async Task A_turn_that_is_over_begins_nothing()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var user = await cluster.UserWith(email: false, telegram: true);
        var watch = cluster.Service<ChannelWatch>();
        watch.Pause(Channel.Telegram, null, cluster.Clock.GetUtcNow().AddSeconds(20));
        await Eventually.True(async () =>
        {
            await watch.LookAll();
            return watch.StateOf(Channel.Telegram).PausedUntil is not null;
        });
        var id = (await user.Send(Given.Alert)).MessageId!.Value;
        TurnOffer over = new(cluster.Clock.GetUtcNow().AddSeconds(-1), OnTrial: false);

        Assert.Equal(TurnResult.TooLate, await cluster.Client.GetGrain<IUserDelivery>("ann").TakeTurn(id, Channel.Telegram, Priority.Transactional, over));

        Assert.Equal(MessageStatus.Waiting, (await user.GetMessage(id))!.Status);
        Assert.Empty(cluster.Telegram.Jobs);
    }

    [Fact]
    public async Task A_message_in_the_lane_of_a_paused_channel_is_too_old_at_the_end_of_its_life()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var user = await cluster.UserWith(email: false, telegram: true);
        var watch = cluster.Service<ChannelWatch>();
        watch.Pause(Channel.Telegram, null, cluster.Clock.GetUtcNow().AddHours(48));
        await Eventually.True(async () =>
        {
            await watch.LookAll();
            return watch.StateOf(Channel.Telegram).PausedUntil is not null;
        });
        var id = (await user.Send(Given.Alert)).MessageId!.Value;
        cluster.Clock.Advance(TimeSpan.FromHours(24));

        await cluster.Client.GetGrain<IUserDelivery>("ann").Wake([id]);

        Assert.Equal(MessageStatus.DeadLettered, (await user.GetMessage(id))!.Status);
        Assert.Empty(cluster.Telegram.Jobs);
    }

    [Fact]
    public async Task An_attempt_of_this_silo_that_it_does_not_know_has_no_answer()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var here = cluster.Service<ISiloStatusOracle>().SiloAddress.ToParsableString();
        var lost = Transition.Begin(World.Message with { UserId = "zed" }, [Channel.Email], here, TimeSpan.FromSeconds(30), World.At()) with { LookAt = World.Now };
        await cluster.Redis.HashSetAsync(cluster.Keys.Outbox("zed"), Codec.MessageField(lost.Id), cluster.Service<Codec>().Encode(lost));
        var user = cluster.User("zed");
        await cluster.Client.GetGrain<IUserDelivery>("zed").Wake([lost.Id]);

        var attempt = (await user.GetMessage(lost.Id))!.Events.Single(e => e.Type == MessageEventType.Attempt);

        Assert.Equal(("unknown", "no_answer", true), (attempt.Outcome, attempt.Detail, attempt.MaybeDuplicate));
    }

    [Fact]
    public async Task A_message_whose_template_is_not_there_for_fifteen_minutes_becomes_a_dead_letter()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var gone = World.Message with { UserId = "zed", TemplateName = "gone", Status = MessageStatus.Retrying, LookAt = World.Now, Plan = [Channel.Email] };
        await cluster.Redis.HashSetAsync(cluster.Keys.Outbox("zed"), Codec.MessageField(gone.Id), cluster.Service<Codec>().Encode(gone));
        await cluster.Redis.SortedSetAddAsync(cluster.Keys.Agenda(Keys.ShardOf("zed")), new MessageKey("zed", gone.Id).Format(), 1);
        var user = cluster.User("zed");

        await Eventually.True(async () =>
        {
            cluster.Clock.Advance(TimeSpan.FromSeconds(20));
            return (await user.GetMessage(gone.Id))?.Status == MessageStatus.DeadLettered;
        });

        Assert.Equal(Reasons.TemplateChanged, (await user.GetMessage(gone.Id))!.Events[^1].Detail);
        Assert.Empty(cluster.Email.Jobs);
    }

    [Fact]
    public async Task A_history_that_cannot_be_read_is_not_taken_for_an_empty_one()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var user = await cluster.UserWith();
        await cluster.Redis.StringSetAsync(cluster.Keys.History("ann"), "broken");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => user.GetMessage(s_nobodys));
    }

    [Fact]
    public async Task A_key_of_yesterday_is_forgotten_with_the_next_write()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var user = await cluster.UserWith();
        await user.Send(Given.Alert with { IdempotencyKey = "k1" });
        Assert.True(await cluster.Redis.HashExistsAsync(cluster.Keys.Outbox("ann"), Codec.KeyField("k1")));
        cluster.Clock.Advance(TimeSpan.FromHours(24));
        await user.Send(Given.Alert with { IdempotencyKey = "k2" });
        Assert.False(await cluster.Redis.HashExistsAsync(cluster.Keys.Outbox("ann"), Codec.KeyField("k1")));
    }

    [Theory]
    [InlineData("x.y"), InlineData("1.y"), InlineData("1"), InlineData("1.2.3")]
    public void What_is_no_cursor_is_none(string text) => Assert.False(MessagePage.IsCursor(text));

    [Fact]
    public void Addresses_and_keys_are_not_in_their_texts()
    {
        Assert.DoesNotContain("@", $"{World.Everywhere.Addresses}", StringComparison.Ordinal);
        Assert.DoesNotContain("googleapis", $"{World.Device}", StringComparison.Ordinal);
        Assert.Equal(nameof(PushKeys), $"{new PushKeys { P256dh = "secret", Auth = "secret" }}");
    }

    private static Task<long> LaneLength(NotifyCluster cluster) => cluster.Redis.SortedSetLengthAsync(cluster.Keys.Lane(Channel.Email, Priority.Transactional));

    private static async Task<double> Score(NotifyCluster cluster, Guid message) =>
        await cluster.Redis.SortedSetScoreAsync(cluster.Keys.Agenda(Keys.ShardOf("ann")), new MessageKey("ann", message).Format()) ?? 0;
}
