using OrleansNotify.Delivery;
using OrleansNotify.RateLimiting;
using OrleansNotify.Storage;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.Promises;

public sealed class A_channel_that_failed_once_is_in_use_again_after_it_recovers(StoreFixture stores)
{
    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task Also_when_every_user_has_a_second_channel(StoreKind kind)
    {
        await using var cluster = await stores.Cluster(kind, silos: 2);
        await InUseAgain(cluster, Given.Failure);
        await InUseAgain(cluster, Given.Alert);
    }

    [Theory, InlineData(Channel.Email), InlineData(Channel.Push)]
    public async Task After_a_trial_whose_turn_was_over_with_the_next_message(Channel channel)
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var sender = cluster.Senders[channel];
        sender.Answer = (_, _) => Task.FromResult(sender.Jobs.Count == 1 ? Outcomes.Of(OutcomeKind.Withdrawn) : Outcomes.Sent);
        var user = await cluster.UserWith();
        await cluster.AddDevice("ann", Service + "/1");
        await Open(cluster, channel, null);

        await user.Send(Given.Alert with { Channel = channel, Fallback = false });

        await ClosesAtItsFirstTrial(cluster, channel, state => state.Circuit);
        Assert.Equal(2, sender.Jobs.Count);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task After_a_push_that_was_to_try_its_service_and_did_not(bool saysWhich)
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        cluster.Push.Answer = (job, _) =>
        {
            var said = Said(cluster.Push.Jobs.Count == 1 ? OutcomeKind.Withdrawn : OutcomeKind.Sent, job.To.Devices[0].Id);
            return Task.FromResult(saysWhich || said.Kind == OutcomeKind.Sent ? said : said with { Devices = [] });
        };
        await cluster.AddDevice("ann", Service + "/1");
        await Open(cluster, Channel.Push, Service);

        await cluster.User("ann").Send(Given.Alert);

        await ClosesAtItsFirstTrial(cluster, Channel.Push, state => state.Of(Service)?.Circuit);
        Assert.Equal(2, cluster.Push.Jobs.Count);
    }

    [Fact]
    public async Task When_all_of_push_is_on_trial_with_what_its_services_say()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        cluster.Push.Answer = (job, _) => Task.FromResult(Said(OutcomeKind.Sent, job.To.Devices[0].Id));
        await cluster.AddDevice("ann", Service + "/1");
        await Open(cluster, Channel.Push, null);

        await cluster.User("ann").Send(Given.Alert);

        await ClosesAtItsFirstTrial(cluster, Channel.Push, state => state.Circuit);
        Assert.Single(cluster.Push.Jobs);
    }

    [Fact]
    public async Task After_a_trial_that_ended_with_a_bug_of_ours()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        cluster.Email.Answer = (_, _) => cluster.Email.Jobs.Count == 1 ? throw new NotSupportedException("a bug") : Task.FromResult(Outcomes.Sent);
        var user = await cluster.UserWith();
        await Open(cluster, Channel.Email, null);
        var longAfter = cluster.Clock.GetUtcNow() + cluster.Email.HardEnd;

        var receipt = await user.Send(Given.Alert);

        await Eventually.True(async () =>
        {
            if (cluster.Clock.GetUtcNow() < longAfter) cluster.Clock.Advance(TimeSpan.FromMilliseconds(500));
            await cluster.Service<ChannelWatch>().LookAll();
            return cluster.Service<ChannelWatch>().StateOf(Channel.Email).Circuit is null;
        });
        var attempts = (await user.Until(receipt.MessageId, MessageStatus.Sent)).Events.Where(e => e.Type == MessageEventType.Attempt);
        Assert.Equal(["unknown", "sent"], attempts.Select(attempt => attempt.Outcome));
    }

    [Fact]
    public async Task After_the_silo_of_its_trial_has_died()
    {
        var store = await stores.Get(StoreKind.Embedded);
        string serviceId;
        DateTimeOffset lost;
        await using (var cluster = await NotifyCluster.Start(store))
        {
            serviceId = cluster.ServiceId;
            cluster.Email.Hang();
            var user = await cluster.UserWith();
            await Open(cluster, Channel.Email, null);
            await user.Send(Given.Alert);
            await Eventually.True(async () =>
            {
                if (cluster.Email.Jobs.Count == 0) cluster.Clock.Advance(TimeSpan.FromSeconds(1));
                await cluster.Service<ChannelWatch>().LookAll();
                return cluster.Service<ChannelWatch>().StateOf(Channel.Email).Circuit?.Trial is not null;
            });
            lost = cluster.Service<ChannelWatch>().StateOf(Channel.Email).Circuit!.Trial!.HardEnd;
            await cluster.Inner.Silos.KillSiloAsync(cluster.Inner.Silos.Silos[0], TestContext.Current.CancellationToken);
        }

        await using var again = await NotifyCluster.Start(store, serviceId: serviceId);
        Assert.InRange(again.Clock.GetUtcNow(), World.Now, lost.AddSeconds(-60));
        await ClosesAtItsFirstTrial(again, Channel.Email, state => state.Circuit, standsAt: lost);
        Assert.Single(again.Email.Jobs);
    }

    private const string Service = "https://fcm.googleapis.com";

    private static Outcome Said(OutcomeKind kind, string device) =>
        new() { Kind = kind, Devices = [new DeviceOutcome { SubscriptionId = device, Service = Service, Kind = kind }] };

    private static async Task Open(NotifyCluster cluster, Channel channel, string? service)
    {
        var watch = cluster.Service<ChannelWatch>();
        watch.Open(channel, service, "500");
        await Eventually.True(async () =>
        {
            var stored = (await cluster.Client.GetGrain<IRateLimiterGrain>(Keys.Name(channel)).Look([])).State;
            return (service is null ? stored.Circuit : stored.Of(service)?.Circuit) is not null;
        });
    }

    /// <summary>A trial that is taken for lost, or as failed, would have the next one wait for longer.</summary>
    private static async Task ClosesAtItsFirstTrial(NotifyCluster cluster, Channel channel, Func<ChannelState, Circuit?> circuitOf, DateTimeOffset? standsAt = null)
    {
        standsAt ??= cluster.Clock.GetUtcNow() + Circuit.FirstWait + cluster.Senders[channel].HardEnd;
        await Eventually.True(async () =>
        {
            if (cluster.Clock.GetUtcNow() < standsAt) cluster.Clock.Advance(TimeSpan.FromMilliseconds(500));
            await cluster.Service<ChannelWatch>().LookAll();
            var circuit = circuitOf(cluster.Service<ChannelWatch>().StateOf(channel));
            Assert.Equal(Circuit.FirstWait, circuit?.Wait ?? Circuit.FirstWait);
            return circuit is null;
        });
    }

    private static async Task InUseAgain(NotifyCluster cluster, SendRequest request)
    {
        cluster.Telegram.Answers(Outcomes.Of(OutcomeKind.ChannelFault, "401"));
        var users = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => cluster.UserWith($"{request.TemplateName}{i}", telegram: true)));
        var receipts = await Task.WhenAll(users.Select(user => user.Send(request)));
        await Eventually.True(() => cluster.Service<ChannelWatch>().StateOf(Channel.Telegram).Circuit is not null
            || cluster.Service<ChannelWatch>(1).StateOf(Channel.Telegram).Circuit is not null);
        await AllSent(cluster, users, receipts, Channel.Email);

        cluster.Telegram.Answers(Outcomes.Sent);

        await Eventually.True(async () =>
        {
            cluster.Clock.Advance(TimeSpan.FromSeconds(5));
            return await Sent(cluster, users[0], await users[0].Send(request)) == Channel.Telegram;
        });
        await Eventually.True(async () =>
        {
            await Task.WhenAll(cluster.Service<ChannelWatch>(0).LookAll(), cluster.Service<ChannelWatch>(1).LookAll());
            return cluster.Service<ChannelWatch>(0).StateOf(Channel.Telegram).Circuit is null && cluster.Service<ChannelWatch>(1).StateOf(Channel.Telegram).Circuit is null;
        });
        await AllSent(cluster, users, await Task.WhenAll(users.Select(user => user.Send(request))), Channel.Telegram);
    }

    private static async Task AllSent(NotifyCluster cluster, IUserGrain[] users, Receipt[] receipts, Channel channel)
    {
        foreach (var (user, receipt) in users.Zip(receipts)) Assert.Equal(channel, await Sent(cluster, user, receipt));
    }

    private static async Task<Channel?> Sent(NotifyCluster cluster, IUserGrain user, Receipt receipt)
    {
        MessageView? message = null;
        await Eventually.True(async () =>
        {
            message = await user.GetMessage(receipt.MessageId!.Value);
            if (message!.Status == MessageStatus.Sent) return true;
            cluster.Clock.Advance(TimeSpan.FromSeconds(1));
            return false;
        });
        return message!.Channel;
    }
}
