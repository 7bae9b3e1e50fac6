using OrleansNotify.Delivery;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.Users;

public sealed class RetryTests(StoreFixture stores)
{
    [Fact]
    public async Task A_rejected_channel_gives_way_to_the_next_at_once()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var user = await cluster.UserWith(telegram: true);
        cluster.Telegram.Answers(Outcomes.Of(OutcomeKind.Rejected, "cant_parse"));

        var receipt = await user.Send(Given.Alert);
        var message = await user.Until(receipt.MessageId, MessageStatus.Sent);

        Assert.Equal(Channel.Email, message.Channel);
        Assert.Equal(
            [MessageEventType.Accepted, MessageEventType.Attempt, MessageEventType.Fallback, MessageEventType.Attempt, MessageEventType.Sent],
            message.Events.Select(e => e.Type));
    }

    [Fact]
    public async Task Without_fallback_only_the_requested_channel_is_tried()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var user = await cluster.UserWith(telegram: true);
        cluster.Telegram.Answers(Outcomes.Of(OutcomeKind.Rejected, "cant_parse"));

        var receipt = await user.Send(Given.Alert with { Channel = Channel.Telegram, Fallback = false });

        await user.Until(receipt.MessageId, MessageStatus.DeadLettered);
        Assert.Empty(cluster.Email.Jobs);
    }

    [Fact]
    public async Task An_address_that_is_gone_is_disabled_until_it_is_another()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var user = await cluster.UserWith();
        cluster.Email.Answers(Outcomes.Of(OutcomeKind.AddressGone, "5.1.1", Given.Email));

        var first = await user.Send(Given.Alert);
        await user.Until(first.MessageId, MessageStatus.DeadLettered);

        var disabled = Assert.Single((await user.GetUser())!.Disabled);
        Assert.Equal((Channel.Email, "bounce 5.1.1"), (disabled.Channel, disabled.Reason));
        Assert.Equal((ReceiptStatus.Skipped, Reasons.NoAddress), await Outcome());

        cluster.Email.Answers(Outcomes.Sent);
        await cluster.UserWith();
        Assert.Equal((ReceiptStatus.Skipped, Reasons.NoAddress), await Outcome());
        await user.SetUser(new UserUpdate { Email = "new@b.example" });
        Assert.Empty((await user.GetUser())!.Disabled);
        Assert.Equal((ReceiptStatus.Accepted, null), await Outcome());

        async Task<(ReceiptStatus, string?)> Outcome()
        {
            var receipt = await user.Send(Given.Alert);
            return (receipt.Status, receipt.Reason);
        }
    }

    [Fact]
    public async Task A_message_beyond_the_room_waits_in_its_lane_and_leaves_when_there_is_room()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded, room: 1);
        var user = await cluster.UserWith();
        var answer = cluster.Email.Hang();

        var first = await user.Send(Given.Alert);
        var second = await user.Send(Given.Alert);

        Assert.Equal(MessageStatus.Sending, (await user.GetMessage(first.MessageId!.Value))!.Status);
        Assert.Equal(MessageStatus.Waiting, (await user.GetMessage(second.MessageId!.Value))!.Status);
        cluster.Email.Answers(Outcomes.Sent);
        answer.SetResult(Outcomes.Sent);
        await user.Until(first.MessageId, MessageStatus.Sent);
        await Eventually.True(async () =>
        {
            cluster.Clock.Advance(TimeSpan.FromMilliseconds(60));
            return (await user.GetMessage(second.MessageId.Value))!.Status == MessageStatus.Sent;
        });
        Assert.Equal(0, await cluster.Redis.SortedSetLengthAsync(cluster.Keys.Lane(Channel.Email, Priority.Transactional)));
    }
}
