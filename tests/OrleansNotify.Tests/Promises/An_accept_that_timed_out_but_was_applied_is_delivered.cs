using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.Promises;

public sealed class An_accept_that_timed_out_but_was_applied_is_delivered(StoreFixture stores)
{
    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task And_its_repeat_answers_the_first_message(StoreKind kind)
    {
        await using var cluster = await stores.Cluster(kind);
        var user = await cluster.UserWith();
        var faults = 1;
        cluster.Store().OnCommit = _ => faults-- > 0 ? new Fault(Applied: true) : null;
        var request = Given.Alert with { IdempotencyKey = "key" };

        var lost = await user.Send(request);
        Assert.Equal((ReceiptStatus.Unavailable, Reasons.StoreUnavailable, null), (lost.Status, lost.Reason, lost.MessageId));
        Assert.Empty(cluster.Email.Jobs);
        Assert.Equal(1, await cluster.AgendaLength());

        var repeat = await user.Send(request);

        Assert.Equal(ReceiptStatus.Duplicate, repeat.Status);
        await Eventually.True(async () =>
        {
            cluster.Clock.Advance(TimeSpan.FromMilliseconds(10));
            return (await user.GetMessage(repeat.MessageId!.Value))!.Status == MessageStatus.Sent;
        });
        Assert.Equal([repeat.MessageId!.Value], cluster.Email.Messages);
        var message = (await user.GetMessage(repeat.MessageId.Value))!;
        Assert.DoesNotContain(message.Events, e => e.MaybeDuplicate);
    }

    [Fact]
    public async Task Even_if_nobody_asks_again()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var user = await cluster.UserWith();
        var faults = 1;
        cluster.Store().OnCommit = _ => faults-- > 0 ? new Fault(Applied: true) : null;

        await user.Send(Given.Alert);
        await Eventually.True(async () =>
        {
            cluster.Clock.Advance(TimeSpan.FromSeconds(1));
            return await cluster.AgendaLength() == 0;
        });

        Assert.Single(cluster.Email.Jobs);
    }
}
