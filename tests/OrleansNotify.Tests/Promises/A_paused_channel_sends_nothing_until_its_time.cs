using OrleansNotify.RateLimiting;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.Promises;

public sealed class A_paused_channel_sends_nothing_until_its_time(StoreFixture stores)
{
    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task Over_two_silos(StoreKind kind)
    {
        await using var cluster = await stores.Cluster(kind, silos: 2);
        var (pausedAt, wait) = (cluster.Clock.GetUtcNow(), TimeSpan.FromSeconds(20));
        cluster.Service<ChannelWatch>(1).Pause(Channel.Telegram, null, pausedAt + wait);
        await Eventually.True(async () =>
        {
            await cluster.Service<ChannelWatch>(0).LookAll();
            return cluster.Service<ChannelWatch>(0).StateOf(Channel.Telegram).PausedUntil is not null;
        });
        List<DateTimeOffset> starts = [];
        cluster.Telegram.Answer = (_, _) =>
        {
            lock (starts) starts.Add(cluster.Clock.GetUtcNow());
            return Task.FromResult(Outcomes.Sent);
        };
        List<(IUserGrain User, Guid? Id)> messages = [];
        for (var i = 0; i < 20; i++)
        {
            var user = await cluster.UserWith($"u{i}", email: false, telegram: true);
            messages.Add((user, (await user.Send(i % 2 == 0 ? Given.Failure : Given.Alert)).MessageId));
        }

        await Eventually.True(() =>
        {
            cluster.Clock.Advance(TimeSpan.FromMilliseconds(100));
            return cluster.Telegram.Jobs.Count == 20;
        });

        Assert.All(starts, start => Assert.True(start >= pausedAt + wait, $"{start - pausedAt} after the pause began"));
        foreach (var (user, id) in messages)
            Assert.Equal(1, (await user.Until(id, MessageStatus.Sent)).Events.Count(e => e.Type == MessageEventType.Attempt));
    }

    [Fact]
    public async Task Though_its_circuit_be_on_trial_meanwhile()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var watch = cluster.Service<ChannelWatch>();
        var user = await cluster.UserWith(email: false, telegram: true);
        watch.Open(Channel.Telegram, null, "500");
        watch.Pause(Channel.Telegram, null, cluster.Clock.GetUtcNow().AddSeconds(20));
        var receipt = await user.Send(Given.Alert);
        for (var i = 0; i < 19; i++)
        {
            cluster.Clock.Advance(TimeSpan.FromSeconds(1));
            await watch.LookAll();
        }

        Assert.Empty(cluster.Telegram.Jobs);
        await Eventually.True(async () =>
        {
            cluster.Clock.Advance(TimeSpan.FromMilliseconds(500));
            return (await user.GetMessage(receipt.MessageId!.Value))!.Status == MessageStatus.Sent;
        });
    }
}
