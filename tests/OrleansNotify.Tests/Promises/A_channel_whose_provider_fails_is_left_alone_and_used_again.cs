using OrleansNotify.Delivery;
using OrleansNotify.RateLimiting;
using OrleansNotify.Storage;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.Promises;

public sealed class A_channel_whose_provider_fails_is_left_alone_and_used_again(StoreFixture stores)
{
    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task An_outage_dead_letters_nobody_and_all_arrive_after_it(StoreKind kind)
    {
        await using var cluster = await stores.Cluster(kind);
        cluster.Email.Answers(Outcomes.OfChannel(OutcomeKind.Retry));
        List<(IUserGrain User, Guid Id)> messages = [];
        for (var i = 0; i < 12; i++)
        {
            var user = await cluster.UserWith($"u{i}");
            messages.Add((user, (await user.Send(Given.Alert)).MessageId!.Value));
        }

        await Eventually.True(() => cluster.Service<ChannelWatch>().StateOf(Channel.Email).Circuit is not null);
        // Ten minutes of outage.
        for (var i = 0; i < 60; i++)
        {
            cluster.Clock.Advance(TimeSpan.FromSeconds(10));
            await cluster.Service<ChannelWatch>().LookAll();
        }

        Assert.InRange(cluster.Email.Jobs.Count, 6, 60);
        cluster.Email.Answers(Outcomes.Sent);
        foreach (var (user, id) in messages)
        {
            await Eventually.True(async () =>
            {
                cluster.Clock.Advance(TimeSpan.FromSeconds(1));
                return (await user.GetMessage(id))!.Status == MessageStatus.Sent;
            });
        }

        await Eventually.True(() => cluster.Service<ChannelWatch>().StateOf(Channel.Email).Circuit is null);
        Assert.Equal(0, await cluster.AgendaLength());
    }

    [Fact]
    public async Task Urgent_messages_leave_by_their_other_channel_at_once_and_others_after_ten_minutes()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var user = await cluster.UserWith(telegram: true);
        var stays = await cluster.UserWith("bob", email: false, telegram: true);
        cluster.Telegram.Answers(Outcomes.Of(OutcomeKind.Retry, "500"));
        cluster.Service<ChannelWatch>().Open(Channel.Telegram, null, "500");
        await Eventually.True(() => !cluster.Service<ChannelWatch>().IsFree(Channel.Telegram, Priority.Transactional));

        var urgent = await user.Send(Given.Failure);
        await user.Until(urgent.MessageId, MessageStatus.Sent);
        Assert.Equal(Channel.Email, (await user.GetMessage(urgent.MessageId!.Value))!.Channel);

        var ordinary = await user.Send(Given.Alert);
        var alone = await stays.Send(Given.Failure);
        Assert.Equal(MessageStatus.Waiting, (await user.GetMessage(ordinary.MessageId!.Value))!.Status);

        await Eventually.True(async () =>
        {
            cluster.Clock.Advance(TimeSpan.FromSeconds(9));
            return (await user.GetMessage(ordinary.MessageId.Value))!.Status == MessageStatus.Sent;
        });
        Assert.Equal(Channel.Email, (await user.GetMessage(ordinary.MessageId.Value))!.Channel);
        Assert.NotEqual(MessageStatus.DeadLettered, (await stays.GetMessage(alone.MessageId!.Value))!.Status);
    }

    [Fact]
    public async Task Messages_in_the_lane_of_a_channel_that_opens_are_freed_for_their_other_one()
    {
        await using var cluster = await NotifyCluster.Start(await stores.Get(StoreKind.Embedded), room: 0);
        var user = await cluster.UserWith(telegram: true);
        var urgent = await user.Send(Given.Failure);
        Assert.Equal(Channel.Telegram, (await user.GetMessage(urgent.MessageId!.Value))!.Plan[0]);

        cluster.Service<ChannelWatch>().Open(Channel.Telegram, null, "500");

        await Eventually.True(async () => (await user.GetMessage(urgent.MessageId.Value))!.Plan[0] == Channel.Email);
        Assert.Equal(1, await cluster.Redis.SortedSetLengthAsync(cluster.Keys.Lane(Channel.Email, Priority.Transactional)));
        Assert.Equal(0, await cluster.Redis.SortedSetLengthAsync(cluster.Keys.Lane(Channel.Telegram, Priority.Transactional)));
    }

    [Fact]
    public async Task One_that_cannot_be_freed_holds_up_no_other_and_is_asked_again()
    {
        await using var cluster = await NotifyCluster.Start(await stores.Get(StoreKind.Embedded), room: 0);
        var (ann, bob) = (await cluster.UserWith(telegram: true), await cluster.UserWith("bob", telegram: true));
        var (stays, goes) = (await ann.Send(Given.Failure), await bob.Send(Given.Failure));
        cluster.Store().OnCommit = commit => commit.Outbox == cluster.Keys.Outbox("ann") ? new Fault() : null;

        // Told to its grain alone, for a silo that knows of it takes the messages out at their next turn by itself.
        await cluster.Client.GetGrain<IRateLimiterGrain>(Keys.Name(Channel.Telegram)).Open(null, "500");

        await Eventually.True(async () => cluster.Store().Faults > 0 && (await bob.GetMessage(goes.MessageId!.Value))!.Plan[0] == Channel.Email);
        cluster.Store().OnCommit = _ => null;
        var onTrial = cluster.Clock.GetUtcNow() + Circuit.FirstWait;
        await Eventually.True(async () =>
        {
            if (cluster.Clock.GetUtcNow() < onTrial.AddSeconds(-1)) cluster.Clock.Advance(TimeSpan.FromMilliseconds(500));
            return (await ann.GetMessage(stays.MessageId!.Value)) is { Status: MessageStatus.Waiting } message && message.Plan[0] == Channel.Email;
        });
    }

    [Fact]
    public async Task A_trial_whose_message_says_nothing_opens_the_circuit_again()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var user = await cluster.UserWith();
        var watch = cluster.Service<ChannelWatch>();
        watch.Open(Channel.Email, null, "timeout");
        await Eventually.True(() => watch.StateOf(Channel.Email).Circuit is not null);
        // Not at its hard end either.
        TaskCompletionSource<Outcome> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        cluster.Email.Answer = (_, _) => answer.Task;
        await user.Send(Given.Alert);
        await Until(cluster, () => watch.StateOf(Channel.Email).Circuit?.Trial is not null);

        await Until(cluster, () => watch.StateOf(Channel.Email).Circuit is { Trial: null, Wait.TotalSeconds: > 10 });

        cluster.Email.Answers(Outcomes.Sent);
        answer.TrySetResult(Outcomes.Sent);
        await Until(cluster, () => watch.StateOf(Channel.Email).Circuit is null);
    }

    [Fact]
    public async Task A_fault_of_ours_opens_it_at_once_and_blames_nobody()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var user = await cluster.UserWith(telegram: true);
        cluster.Telegram.Answers(Outcomes.Of(OutcomeKind.ChannelFault, "401"));

        var receipt = await user.Send(Given.Failure);
        var message = await user.Until(receipt.MessageId, MessageStatus.Sent);

        Assert.Equal(Channel.Email, message.Channel);
        Assert.NotNull(cluster.Service<ChannelWatch>().StateOf(Channel.Telegram).Circuit);
        Assert.Empty((await user.GetUser())!.Disabled);
    }

    private static Task Until(NotifyCluster cluster, Func<bool> condition) => Eventually.True(async () =>
    {
        cluster.Clock.Advance(TimeSpan.FromSeconds(1));
        await cluster.Service<ChannelWatch>().LookAll();
        return condition();
    });
}
