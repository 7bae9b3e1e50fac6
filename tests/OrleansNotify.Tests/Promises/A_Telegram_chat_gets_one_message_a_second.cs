using System.Collections.Immutable;
using OrleansNotify.Delivery;
using OrleansNotify.RateLimiting;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.Promises;

/// <summary>Telegram takes one message a second to a private chat. The others of that chat wait on the agenda, not in the lane.</summary>
public sealed class A_Telegram_chat_gets_one_message_a_second(StoreFixture stores)
{
    private static readonly ImmutableDictionary<Channel, RateLimit> s_limits =
        ImmutableDictionary<Channel, RateLimit>.Empty.Add(Channel.Telegram, new RateLimit(20, TimeSpan.FromSeconds(1)));

    [Theory]
    [InlineData(StoreKind.Embedded, true)]
    [InlineData(StoreKind.Redis, true)]
    [InlineData(StoreKind.Embedded, false)]
    public async Task However_many_are_asked_for_at_once(StoreKind kind, bool limited)
    {
        await using var cluster = await NotifyCluster.Start(await stores.Get(kind), limits: limited ? s_limits : null);
        List<DateTimeOffset> starts = [];
        cluster.Telegram.Answer = (_, _) =>
        {
            lock (starts) starts.Add(cluster.Clock.GetUtcNow());
            return Task.FromResult(Outcomes.Sent);
        };
        var user = await cluster.UserWith(email: false, telegram: true);
        for (var i = 0; i < 6; i++) Assert.Equal(ReceiptStatus.Accepted, (await user.Send(Given.Alert)).Status);
        Assert.InRange(await LaneLength(cluster), 0, 1);

        await Eventually.True(async () =>
        {
            cluster.Clock.Advance(TimeSpan.FromMilliseconds(50));
            Assert.InRange(await LaneLength(cluster), 0, 1);
            return cluster.Telegram.Jobs.Count == 6;
        });

        starts.Sort();
        Assert.All(starts.Zip(starts.Skip(1)), pair => Assert.True(pair.Second - pair.First >= TimeSpan.FromSeconds(1)));
        Assert.True(starts[^1] - starts[0] < TimeSpan.FromSeconds(20), "the chat is not left idle for long");
        await Eventually.True(async () => await cluster.AgendaLength() == 0);
        Assert.Equal(6, cluster.Telegram.Messages.Distinct().Count());
    }

    [Fact]
    public async Task An_urgent_message_goes_before_those_that_wait_for_the_same_chat()
    {
        await using var cluster = await NotifyCluster.Start(await stores.Get(StoreKind.Embedded), limits: s_limits);
        var user = await cluster.UserWith(email: false, telegram: true);
        cluster.Service<ChannelWatch>().Pause(Channel.Telegram, null, cluster.Clock.GetUtcNow().AddSeconds(20));
        await Eventually.True(async () =>
        {
            await cluster.Service<ChannelWatch>().LookAll();
            return cluster.Service<ChannelWatch>().StateOf(Channel.Telegram).PausedUntil is not null;
        });
        for (var i = 0; i < 5; i++) await user.Send(Given.Alert);
        var urgent = (await user.Send(Given.Failure)).MessageId!.Value;
        Assert.Equal(1, await LaneLength(cluster));

        await Eventually.True(() =>
        {
            cluster.Clock.Advance(TimeSpan.FromMilliseconds(100));
            return cluster.Telegram.Jobs.Count == 6;
        });

        Assert.Equal(urgent, cluster.Telegram.Messages.First());
        var waited = (await user.ListMessages(null, 10)).Items.Where(message => message.MessageId != urgent);
        Assert.Contains(waited, message => message.Events.Any(e => e is { Type: MessageEventType.Waiting, Detail: Reasons.ChatLimit, Until: not null }));
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task A_chat_that_Telegram_asks_to_wait_for_is_left_alone_until_then(StoreKind kind)
    {
        await using var cluster = await NotifyCluster.Start(await stores.Get(kind), limits: s_limits);
        var user = await cluster.UserWith(email: false, telegram: true);
        cluster.Telegram.Answers(new Outcome { Kind = OutcomeKind.Busy, Reason = "429", RetryAfter = TimeSpan.FromSeconds(15), Address = Given.Chat });
        var first = await user.Send(Given.Alert);
        await user.Until(first.MessageId, MessageStatus.Retrying);
        cluster.Telegram.Answers(Outcomes.Sent);
        var busyUntil = cluster.Clock.GetUtcNow().AddSeconds(15);

        var second = await user.Send(Given.Alert);
        Assert.Equal(MessageStatus.Waiting, (await user.GetMessage(second.MessageId!.Value))!.Status);
        await Eventually.True(() =>
        {
            cluster.Clock.Advance(TimeSpan.FromMilliseconds(200));
            return cluster.Telegram.Jobs.Count == 3;
        });

        Assert.True(cluster.Clock.GetUtcNow() >= busyUntil.AddSeconds(1));
        await user.Until(first.MessageId, MessageStatus.Sent);
        await user.Until(second.MessageId, MessageStatus.Sent);
    }

    [Fact]
    public async Task A_chat_that_is_busy_for_long_is_passed_over_for_another_channel()
    {
        await using var cluster = await NotifyCluster.Start(await stores.Get(StoreKind.Embedded), limits: s_limits);
        var user = await cluster.UserWith(email: true, telegram: true);
        cluster.Telegram.Answers(new Outcome { Kind = OutcomeKind.Busy, Reason = "429", RetryAfter = TimeSpan.FromHours(1), Address = Given.Chat });
        var first = await user.Send(Given.Alert);
        var second = await user.Send(Given.Alert);

        await Eventually.True(() =>
        {
            cluster.Clock.Advance(TimeSpan.FromMilliseconds(20));
            return cluster.Email.Jobs.Count == 2;
        });
        await user.Until(first.MessageId, MessageStatus.Sent);
        await user.Until(second.MessageId, MessageStatus.Sent);
        Assert.InRange(cluster.Telegram.Jobs.Count, 1, 1);
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task A_silo_that_starts_anew_knows_when_the_chat_was_written_to(StoreKind kind)
    {
        var store = await stores.Get(kind);
        string serviceId;
        await using (var before = await NotifyCluster.Start(store))
        {
            serviceId = before.ServiceId;
            var first = await before.UserWith(email: false, telegram: true);
            await first.Until((await first.Send(Given.Alert)).MessageId, MessageStatus.Sent);
        }

        // On a clock that stands where the first one's stood.
        await using var cluster = await NotifyCluster.Start(store, serviceId: serviceId);
        var user = cluster.User("ann");
        var receipt = await user.Send(Given.Alert);
        Assert.Equal(MessageStatus.Waiting, (await user.GetMessage(receipt.MessageId!.Value))!.Status);
        Assert.Equal(0, await LaneLength(cluster));
        cluster.Clock.Advance(TimeSpan.FromSeconds(2));
        await user.Until(receipt.MessageId, MessageStatus.Sent);
    }

    private static async Task<long> LaneLength(NotifyCluster cluster) =>
        await cluster.Redis.SortedSetLengthAsync(cluster.Keys.Lane(Channel.Telegram, Priority.Transactional));
}
