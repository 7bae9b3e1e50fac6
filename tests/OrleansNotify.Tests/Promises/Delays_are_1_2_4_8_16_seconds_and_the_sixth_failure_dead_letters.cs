using OrleansNotify.Delivery;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.Promises;

public sealed class Delays_are_1_2_4_8_16_seconds_and_the_sixth_failure_dead_letters(StoreFixture stores)
{
    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task On_the_last_channel_of_the_plan(StoreKind kind)
    {
        await using var cluster = await stores.Cluster(kind);
        var user = await cluster.UserWith();
        cluster.Email.Answers(Outcomes.Of(OutcomeKind.Retry, "timeout"));
        var receipt = await user.Send(Given.Alert);

        for (var failures = 1; failures <= 5; failures++)
        {
            await user.Until(receipt.MessageId, MessageStatus.Retrying);
            Assert.Equal(failures, cluster.Email.Jobs.Count);
            var delay = TimeSpan.FromSeconds(1 << (failures - 1));
            cluster.Clock.Advance(delay - TimeSpan.FromMilliseconds(10));
            Assert.Equal(MessageStatus.Retrying, (await user.GetMessage(receipt.MessageId!.Value))!.Status);
            cluster.Clock.Advance(delay * 0.1 + TimeSpan.FromMilliseconds(10));
            var expected = failures + 1;
            await Eventually.True(() => cluster.Email.Jobs.Count == expected, $"attempt {expected}");
        }

        var letter = await user.Until(receipt.MessageId, MessageStatus.DeadLettered);
        Assert.Equal(6, letter.Events.Count(e => e.Type == MessageEventType.Attempt));
        Assert.Equal("timeout", letter.Events[^1].Detail);
        Assert.Equal(1, await cluster.Redis.SortedSetLengthAsync(cluster.Keys.LettersOfAll));
        Assert.Equal(1, await cluster.Redis.SortedSetLengthAsync(cluster.Keys.LettersOfUser("ann")));
        Assert.Equal(0, await cluster.AgendaLength());
        Assert.Equal([receipt.MessageId!.Value], (await user.ListMessages(null, 10)).Items.Select(item => item.MessageId));
    }
}
