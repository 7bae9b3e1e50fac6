using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using OrleansNotify.Storage;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Users;

namespace OrleansNotify.Tests.Users;

public sealed class OutboxChangeTests
{
    private static readonly ServiceProvider s_services = new ServiceCollection().AddSerializer().AddSingleton<Codec>().BuildServiceProvider();

    [Fact]
    public void Each_message_is_met_as_what_was_done_with_those_before_has_left_it()
    {
        Message[] messages = [.. Enumerable.Range(0, 4).Select(_ => World.Message with { Id = Guid.NewGuid() })];
        var outbox = Outbox.Empty with { Messages = Outbox.Empty.Messages.AddRange(messages.Select(each => KeyValuePair.Create(each.Id, new StoredMessage(each, 1)))) };
        OutboxChange change = new("ann", outbox, new Keys("test"), s_services.GetRequiredService<Codec>(), HistoryLimits.Default, World.Now);
        List<Message> met = [];

        foreach (var message in change.EachAsItStands())
        {
            met.Add(message);
            if (met.Count > 1) continue;
            var others = messages.Where(other => other.Id != message.Id).ToList();
            change.Put(Transition.End(others[0], new Next.End(MessageStatus.Expired, null), World.At()));
            change.Put(others[1] with { WaitsForChat = true });
        }

        // Settled with the first, one is met no more; another is met as it is now.
        Assert.Equal(3, met.Count);
        Assert.Single(met, message => message.WaitsForChat);
        Assert.Equal(3, change.After(1).Messages.Count);
    }
}
