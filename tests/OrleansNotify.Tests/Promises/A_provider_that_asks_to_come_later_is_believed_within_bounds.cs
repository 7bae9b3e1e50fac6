using System.Collections.Immutable;
using OrleansNotify.Delivery;
using OrleansNotify.RateLimiting;
using OrleansNotify.Storage;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;
using OrleansNotify.Users;

namespace OrleansNotify.Tests.Promises;

public sealed class A_provider_that_asks_to_come_later_is_believed_within_bounds(StoreFixture stores)
{
    private const string Service = "https://fcm.googleapis.com";
    private static readonly SendRequest s_push = Given.Alert with { Channel = Channel.Push, Fallback = false }, s_chat = Given.Alert with { Channel = Channel.Telegram };

    private static Outcome Busy(SendJob job, TimeSpan wait) => new()
    {
        Kind = OutcomeKind.Busy,
        Reason = "429",
        RetryAfter = wait,
        Answered = true,
        Address = job.To.TelegramChatId,
        Devices = [.. job.To.Devices.Select(device => Said(device, OutcomeKind.Busy) with { RetryAfter = wait })],
    };

    private static DeviceOutcome Said(PushDevice device, OutcomeKind kind) =>
        new() { SubscriptionId = device.Id, Service = PushService.Of(device.Endpoint), Kind = kind, Reason = "429", Answered = true };

    private static Outcome Taken(SendJob job) => new() { Kind = OutcomeKind.Sent, Answered = true, Devices = [.. job.To.Devices.Select(device => Said(device, OutcomeKind.Sent))] };

    private static async Task Pass(NotifyCluster cluster, TimeSpan time, TimeSpan step)
    {
        for (var end = cluster.Clock.GetUtcNow() + time; cluster.Clock.GetUtcNow() < end;)
        {
            cluster.Clock.Advance(step);
            await cluster.Service<ChannelWatch>().LookAll();
        }
    }

    [Theory, InlineData(Channel.Push), InlineData(Channel.Telegram)]
    public async Task A_wait_of_zero_is_no_storm(Channel channel)
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var user = await cluster.UserWith(email: false, telegram: true);
        await cluster.AddDevice("ann", Service + "/1");
        cluster.Senders[channel].Answer = (job, _) => Task.FromResult(Busy(job, TimeSpan.Zero));
        var receipt = await user.Send(Given.Alert with { Channel = channel, Fallback = false });
        await Pass(cluster, TimeSpan.FromMinutes(1), TimeSpan.FromMilliseconds(250));
        // At 0, 1, 3, 7, 15 and 31 s.
        Assert.InRange(cluster.Senders[channel].Jobs.Count, 4, 6);
        var view = (await user.GetMessage(receipt.MessageId!.Value))!;
        Assert.Equal((MessageStatus.Retrying, "429"), (view.Status, view.Held!.Reason));
    }

    [Theory, InlineData(172_800), InlineData(250_000_000_000)]
    public async Task A_wait_without_end_is_an_hour_also_where_the_store_has_kept_it(double seconds)
    {
        var store = await stores.Get(StoreKind.Embedded);
        string serviceId;
        IUserGrain[] Users(NotifyCluster cluster) => [.. Enumerable.Range(0, 4).Select(i => cluster.User($"u{i}"))];
        List<Guid> ids = [];
        await using (var cluster = await NotifyCluster.Start(store))
        {
            serviceId = cluster.ServiceId;
            cluster.Push.Answer = (job, _) => Task.FromResult(Busy(job, TimeSpan.FromSeconds(seconds)));
            for (var i = 0; i < 4; i++) await cluster.AddDevice($"u{i}", $"{Service}/{i}");
            foreach (var user in Users(cluster)) ids.Add((await user.Send(s_push)).MessageId!.Value);
            await Eventually.True(async () =>
            {
                await cluster.Service<ChannelWatch>().LookAll();
                return cluster.Service<ChannelWatch>().StateOf(Channel.Push).Of(Service) is not null;
            });
            Assert.Equal(cluster.Clock.GetUtcNow().AddHours(1), cluster.Service<ChannelWatch>().StateOf(Channel.Push).Of(Service)!.PausedUntil);
        }

        await using var again = await NotifyCluster.Start(store, serviceId: serviceId);
        again.Push.Answer = (job, _) => Task.FromResult(Taken(job));
        await Pass(again, TimeSpan.FromMinutes(65), TimeSpan.FromSeconds(20));
        Assert.Equal(0, await again.Redis.SortedSetLengthAsync(again.Keys.LettersOfAll));
        foreach (var (user, id) in Users(again).Zip(ids)) await user.Until(id, MessageStatus.Sent);
    }

    [Fact]
    public async Task One_device_that_is_asked_to_wait_holds_up_no_other_and_three_people_their_service()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var busy = ImmutableHashSet.Create("ann");
        cluster.Push.Answer = (job, _) => Task.FromResult(busy.Contains(job.UserId) ? Busy(job, TimeSpan.FromSeconds(120)) : Taken(job));
        foreach (var user in (string[])["ann", "bob", "cid", "dan"]) await cluster.AddDevice(user, $"{Service}/{user}");

        var held = await cluster.User("ann").Send(s_push);
        await cluster.User("ann").Until(held.MessageId, MessageStatus.Retrying);
        var second = await cluster.User("ann").Send(s_push);
        Assert.Equal(Reasons.AddressPaused, (await cluster.User("ann").GetMessage(second.MessageId!.Value))!.Held!.Reason);
        await cluster.User("bob").Until((await cluster.User("bob").Send(s_push)).MessageId, MessageStatus.Sent);
        Assert.Equal(2, cluster.Push.Jobs.Count);

        // Another device of hers gets what the first has to wait for.
        busy = busy.Clear();
        await cluster.AddDevice("ann", $"{Service}/other");
        await cluster.User("ann").Until((await cluster.User("ann").Send(s_push)).MessageId, MessageStatus.Sent);
        Assert.All(cluster.Push.Jobs.Skip(2), job => Assert.Equal($"{Service}/other", Assert.Single(job.To.Devices).Endpoint));

        busy = ["bob", "cid", "dan"];
        foreach (var user in busy) await cluster.User(user).Until((await cluster.User(user).Send(s_push)).MessageId, MessageStatus.Retrying);
        await Eventually.True(() => cluster.Service<ChannelWatch>().StateOf(Channel.Push).Of(Service)?.PausedUntil is not null);
    }

    [Fact]
    public async Task A_chat_that_is_asked_to_wait_lets_its_messages_take_another_channel_at_once()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var ann = await cluster.UserWith(telegram: true);
        var asked = cluster.Telegram.Hang();
        var first = await ann.Send(s_chat);
        var waits = await ann.Send(s_chat);
        var alone = await ann.Send(s_chat with { Fallback = false });
        var later = await ann.Send(s_chat with { SendAt = cluster.Clock.GetUtcNow().AddHours(1) });
        Assert.Equal(Reasons.ChatLimit, (await ann.GetMessage(waits.MessageId!.Value))!.Held!.Reason);
        asked.SetResult(Outcomes.Of(OutcomeKind.Busy, "429", Given.Chat) with { RetryAfter = TimeSpan.FromSeconds(40) });
        foreach (var id in new[] { first.MessageId, waits.MessageId }) Assert.Equal(Channel.Email, (await ann.Until(id, MessageStatus.Sent)).Channel);
        Assert.Equal(Reasons.SendAt, (await ann.GetMessage(later.MessageId!.Value))!.Held!.Reason);
        var view = (await ann.GetMessage(alone.MessageId!.Value))!;
        Assert.Equal(Reasons.AddressPaused, view.Held!.Reason);
        Assert.Equal(Reasons.AddressPaused, view.Events[^1].Detail);
        Assert.Equal(Reasons.AddressPaused, (await ann.Explain(s_chat with { Fallback = false })).Gates.Single(gate => gate.Gate == "pause").Reason);
        Assert.Equal(Channel.Email, (await ann.Explain(s_chat)).Plan[0]);
    }

    [Fact]
    public async Task An_owner_ends_it_before_its_time()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        cluster.Telegram.Answer = (job, _) => Task.FromResult(Busy(job, TimeSpan.FromHours(1)));
        var users = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => cluster.UserWith($"u{i}", email: false, telegram: true)));
        var ids = (await Task.WhenAll(users.Select(user => user.Send(s_chat)))).Select(receipt => receipt.MessageId).ToList();
        await Eventually.True(() => cluster.Service<ChannelWatch>().StateOf(Channel.Telegram).PausedUntil is not null);
        cluster.Telegram.Answers(Outcomes.Sent);
        await Pass(cluster, TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(5));
        Assert.All(await Task.WhenAll(users.Zip(ids, (user, id) => user.GetMessage(id!.Value))), view => Assert.NotEqual(MessageStatus.Sent, view!.Status));

        await cluster.Client.GetGrain<IRateLimiterGrain>(Keys.Name(Channel.Telegram)).Lift("olga");
        await cluster.Service<ChannelWatch>().LookAll();
        await users[0].Until((await users[0].Send(s_chat)).MessageId, MessageStatus.Sent);
        await Pass(cluster, TimeSpan.FromMinutes(6), TimeSpan.FromSeconds(5));
        foreach (var (user, id) in users.Zip(ids)) await user.Until(id, MessageStatus.Sent);
    }

    [Fact]
    public async Task A_mailbox_that_says_not_now_for_an_hour_gets_its_mail_after_it()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var ann = await cluster.UserWith();
        cluster.Email.Answer = (job, _) => Task.FromResult(Outcomes.OfRecipient(OutcomeKind.Busy, "4.7.1", job.To.Email));
        var receipt = await ann.Send(Given.Alert);
        await Pass(cluster, TimeSpan.FromMinutes(60), TimeSpan.FromSeconds(5));
        Assert.Equal("4.7.1", (await ann.GetMessage(receipt.MessageId!.Value))!.Held!.Reason);
        Assert.InRange(cluster.Email.Jobs.Count, 10, 18);
        cluster.Email.Answers(Outcomes.Sent);
        await Pass(cluster, TimeSpan.FromMinutes(22), TimeSpan.FromSeconds(10));
        await ann.Until(receipt.MessageId, MessageStatus.Sent);
        Assert.Null(cluster.Service<ChannelWatch>().StateOf(Channel.Email).Circuit);
    }
}
