using OrleansNotify.Delivery;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.Promises;

public sealed class An_address_found_gone_is_never_tried_again(StoreFixture stores)
{
    private const string New = "new@b.example";

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task By_no_message_new_deferred_or_retried(StoreKind kind)
    {
        await using var cluster = await stores.Cluster(kind, silos: 2);
        var user = await cluster.UserWith();
        cluster.Email.Answers(Outcomes.Of(OutcomeKind.Busy) with { RetryAfter = TimeSpan.FromMinutes(1) });
        var retried = await user.Send(Given.Alert);
        await user.Until(retried.MessageId, MessageStatus.Retrying);
        var deferred = await user.Send(Given.Alert with { SendAt = cluster.Clock.GetUtcNow().AddMinutes(1) });
        cluster.Email.Answers(Outcomes.Of(OutcomeKind.AddressGone, "5.1.1", Given.Email));
        var first = await user.Send(Given.Failure);
        await user.Until(first.MessageId, MessageStatus.DeadLettered);

        cluster.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("no_address", (await user.Until(retried.MessageId, MessageStatus.DeadLettered)).Events[^1].Detail);
        Assert.Equal("no_address", (await user.Until(deferred.MessageId, MessageStatus.Skipped)).Events[^1].Detail);
        Assert.Equal((ReceiptStatus.Skipped, Reasons.NoAddress), await Receipt(user));
        Assert.Equal(2, cluster.Email.Jobs.Count);
        Assert.Equal("bounce 5.1.1", Assert.Single((await user.GetUser())!.Disabled).Reason);
    }

    [Fact]
    public async Task And_a_bounce_of_an_old_address_leaves_the_new_one_alone()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var user = await cluster.UserWith();
        var answer = cluster.Email.Hang();
        var first = await user.Send(Given.Alert);
        await Eventually.True(() => cluster.Email.Jobs.Count == 1);
        await user.SetUser(new UserUpdate { Email = New });

        answer.SetResult(Outcomes.Of(OutcomeKind.AddressGone, "5.1.1", Given.Email));

        await user.Until(first.MessageId, MessageStatus.DeadLettered);
        Assert.Empty((await user.GetUser())!.Disabled);
        cluster.Email.Answers(Outcomes.Sent);
        Assert.Equal((ReceiptStatus.Accepted, null), await Receipt(user));
        await Eventually.True(() => cluster.Email.Jobs.Count == 2);
        Assert.Equal([Given.Email, New], cluster.Email.Jobs.Select(job => job.To.Email));
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task Nor_where_the_silo_dies_before_the_message_has_settled(StoreKind kind)
    {
        var store = await stores.Get(kind);
        string serviceId;
        Guid message;
        await using (var cluster = await NotifyCluster.Start(store))
        {
            serviceId = cluster.ServiceId;
            var user = await cluster.UserWith();
            var answer = cluster.Email.Hang();
            message = (await user.Send(Given.Alert)).MessageId!.Value;
            await Eventually.True(() => cluster.Email.Jobs.Count == 1);
            cluster.Store().OnCommit = _ => new Fault();
            answer.SetResult(Outcomes.Of(OutcomeKind.AddressGone, "5.1.1", Given.Email));
            await Eventually.True(async () => !(await user.GetUser())!.Disabled.IsEmpty);
            Assert.Equal(MessageStatus.Sending, (await user.GetMessage(message))!.Status);
        }

        await using var again = await NotifyCluster.Start(store, serviceId: serviceId);
        MessageView? settled = null;
        await Eventually.True(async () =>
        {
            again.Clock.Advance(TimeSpan.FromSeconds(11));
            settled = await again.User("ann").GetMessage(message);
            return settled!.Status == MessageStatus.DeadLettered;
        });
        Assert.Equal(Reasons.NoAddress, settled!.Events[^1].Detail);
        Assert.Empty(again.Email.Jobs);
        Assert.Single((await again.User("ann").GetUser())!.Disabled);
    }

    private static async Task<(ReceiptStatus, string?)> Receipt(IUserGrain user)
    {
        var receipt = await user.Send(Given.Alert);
        return (receipt.Status, receipt.Reason);
    }
}
