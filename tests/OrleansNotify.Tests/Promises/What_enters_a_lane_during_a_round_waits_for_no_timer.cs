using System.Collections.Immutable;
using OrleansNotify.RateLimiting;
using OrleansNotify.Storage;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.Promises;

public sealed class What_enters_a_lane_during_a_round_waits_for_no_timer(StoreFixture stores)
{
    // More than a permit comes back in each step, and the campaign leaves one of them.
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(300);
    private static readonly ImmutableDictionary<Channel, RateLimit> s_limits =
        ImmutableDictionary<Channel, RateLimit>.Empty.Add(Channel.Telegram, new RateLimit(20, TimeSpan.FromSeconds(1)));

    [Fact]
    public async Task An_alert_while_a_campaign_is_given_its_turns()
    {
        const int Alerts = 40;
        await using var cluster = await NotifyCluster.Start(await stores.Get(StoreKind.Embedded), limits: s_limits);
        for (var i = 0; i < Alerts * 5; i++)
        {
            var waiting = await cluster.UserWith($"c{i}", email: false, telegram: true);
            await waiting.Send(Given.Alert with { Priority = Priority.Campaign });
        }

        for (var i = 0; i < Alerts; i++)
        {
            var user = await cluster.UserWith($"t{i}", email: false, telegram: true);
            var sending = user.Send(Given.Alert);
            cluster.Clock.Advance(s_step);

            await user.Until((await sending).MessageId, MessageStatus.Sent);
        }
    }

    [Fact]
    public async Task A_poke_while_another_is_under_way()
    {
        await using var cluster = await NotifyCluster.Start(await stores.Get(StoreKind.Embedded), limits: s_limits);
        var lane = cluster.Keys.Lane(Channel.Telegram, Priority.Transactional);
        for (var i = 0; i < 20; i++)
        {
            cluster.Service<ChannelWatch>().Poke(Channel.Telegram);
            await cluster.Redis.SortedSetAddAsync(lane, new MessageKey("zed", Guid.Empty).Format(), 1);
            cluster.Service<ChannelWatch>().Poke(Channel.Telegram);
            cluster.Service<ChannelWatch>().Poke(Channel.Telegram);

            await Eventually.True(async () => await cluster.Redis.SortedSetLengthAsync(lane) == 0);
        }
    }
}
