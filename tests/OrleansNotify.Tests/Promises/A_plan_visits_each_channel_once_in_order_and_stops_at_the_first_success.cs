using OrleansNotify.Delivery;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.Promises;

public sealed class A_plan_visits_each_channel_once_in_order_and_stops_at_the_first_success(StoreFixture stores)
{
    [Theory]
    [InlineData(OutcomeKind.Rejected, OutcomeKind.Rejected, OutcomeKind.Sent)]
    [InlineData(OutcomeKind.Rejected, OutcomeKind.Sent, null)]
    [InlineData(OutcomeKind.Sent, null, null)]
    [InlineData(OutcomeKind.AddressGone, OutcomeKind.ChannelFault, OutcomeKind.Sent)]
    [InlineData(OutcomeKind.Rejected, OutcomeKind.Rejected, OutcomeKind.Rejected)]
    public async Task Of_push_telegram_and_email(object push, object? telegram, object? email)
    {
        await using var cluster = await NotifyCluster.Start(await stores.Get(StoreKind.Embedded), silos: 2);
        List<Channel> visited = [];
        object?[] answers = [push, telegram, email];
        foreach (var (channel, sender) in cluster.Senders)
        {
            sender.Answer = (_, _) =>
            {
                lock (visited) visited.Add(channel);
                return Task.FromResult(Outcomes.Of((OutcomeKind)answers[(int)channel]!));
            };
        }

        var user = await cluster.UserWith(telegram: true);
        await cluster.AddDevice("ann", "https://fcm.googleapis.com/1");
        var receipt = await user.Send(Given.Failure);
        var succeeds = answers.Contains(OutcomeKind.Sent);
        var message = await user.Until(receipt.MessageId, succeeds ? MessageStatus.Sent : MessageStatus.DeadLettered);

        Channel[] expected = [.. Enum.GetValues<Channel>().Take(answers.Count(answer => answer is not null))];
        Assert.Equal(expected, visited);
        Assert.Equal(expected, message.Events.Where(e => e.Type == MessageEventType.Attempt).Select(e => e.Channel!.Value));
        Assert.Equal(expected.Skip(1), message.Events.Where(e => e.Type == MessageEventType.Fallback).Select(e => e.Channel!.Value));
        if (succeeds) Assert.Equal(expected[^1], message.Channel);
        Assert.Equal(0, await cluster.AgendaLength());
    }
}
