using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using OrleansNotify.RateLimiting;
using OrleansNotify.Tests.Campaigns;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.Promises;

public sealed class Nobody_notices_a_campaign(StoreFixture stores)
{
    private static readonly ImmutableDictionary<Channel, RateLimit> s_limits =
        ImmutableDictionary<Channel, RateLimit>.Empty.Add(Channel.Email, new RateLimit(20, TimeSpan.FromSeconds(1)));

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task An_alert_leaves_with_the_next_permit(StoreKind kind)
    {
        await using var cluster = await NotifyCluster.Start(await stores.Get(kind), limits: s_limits);
        var campaign = cluster.Campaign();
        await campaign.Start(Audience.Insight, await cluster.Users(300));
        var ann = await cluster.UserWith();
        await cluster.Until(campaign, view => view.Sent >= 30, TimeSpan.FromMilliseconds(7));
        for (var i = 0; i < 4; i++)
        {
            var before = cluster.Email.Jobs.Count;
            var alert = (await ann.Send(Given.Alert)).MessageId!.Value;
            await cluster.Until(campaign, _ => cluster.Email.Messages.Contains(alert), TimeSpan.FromMilliseconds(7));
            Assert.InRange(cluster.Email.Messages.ToList().IndexOf(alert) - before, 0, 2);
        }

        Assert.True((await campaign.Get())!.Remaining > 0);
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task At_night_nobody_has_a_message_and_the_morning_is_paced(StoreKind kind)
    {
        FakeTimeProvider clock = new(new DateTimeOffset(2026, 3, 1, 23, 0, 0, TimeSpan.Zero));
        await using var cluster = await NotifyCluster.Start(await stores.Get(kind), clock: clock, limits: s_limits);
        QuietHours night = new() { Enabled = true, Start = new(22, 0), End = new(7, 0), TimeZone = "UTC" };
        var users = Enumerable.Range(0, 120).Select(i => $"u{i}").ToArray();
        foreach (var user in users) await cluster.UserWith(user, preferences: new Preferences { QuietHours = night });
        var campaign = cluster.Campaign();
        await campaign.Start(Audience.Insight with { BatchSize = 15 }, users);

        await cluster.Until(campaign, view => view.Deferred == users.Length);
        var lane = cluster.Keys.Lane(Channel.Email, Priority.Campaign);
        Assert.Equal(1, await cluster.AgendaLength());
        Assert.Equal(0, await cluster.Redis.SortedSetLengthAsync(lane));
        foreach (var user in users) Assert.Equal("v", Assert.Single(await cluster.Redis.HashKeysAsync(cluster.Keys.Outbox(user))));

        clock.SetUtcNow(new DateTimeOffset(2026, 3, 2, 6, 59, 55, TimeSpan.Zero));
        Assert.Empty(cluster.Email.Jobs);
        List<(DateTimeOffset At, int Sent)> seen = [];
        await cluster.Until(campaign, view =>
        {
            seen.Add((clock.GetUtcNow(), cluster.Email.Jobs.Count));
            Assert.InRange(view.Waiting, 0, 15);
            return view.Status == CampaignStatus.Done;
        }, TimeSpan.FromMilliseconds(50));

        Assert.Equal(users.Length, cluster.Email.Jobs.Count);
        Assert.All(seen, look => Assert.True(look.Sent == 0 || look.At >= new DateTimeOffset(2026, 3, 2, 7, 0, 0, TimeSpan.Zero)));
        foreach (var (at, sent) in seen)
            Assert.InRange(seen.Last(look => look.At <= at.AddSeconds(1)).Sent - sent, 0, 20);
    }

    [Fact]
    public async Task However_long_its_list_at_most_a_batch_of_messages_waits()
    {
        await using var cluster = await NotifyCluster.Start(await stores.Get(StoreKind.Redis), limits: ImmutableDictionary<Channel, RateLimit>.Empty.Add(Channel.Email, new(200, TimeSpan.FromSeconds(1))));
        var users = await cluster.Users(500);
        var campaign = cluster.Campaign();
        Assert.Equal(500, await Awake(cluster));
        var nobody = Enumerable.Range(0, 9_500).Select(i => $"nobody{i}");
        Assert.Equal(10_000, (await campaign.Start(Audience.Insight with { BatchSize = 20 }, [.. users, .. nobody])).Queued);
        var lane = cluster.Keys.Lane(Channel.Email, Priority.Campaign);

        var end = await cluster.Until(campaign, view =>
        {
            Assert.InRange(cluster.Redis.SortedSetLength(lane), 0, 20);
            return view.Status == CampaignStatus.Done;
        }, TimeSpan.FromMilliseconds(20));

        Assert.Equal((500, 9_500), (end.Sent, end.Skipped));
        await Eventually.True(async () => await Awake(cluster) == 0);
    }

    // Users' grains that are in memory.
    private static async Task<int> Awake(NotifyCluster cluster) =>
        (await cluster.Client.GetGrain<IManagementGrain>(0).GetSimpleGrainStatistics()).Where(grain => grain.GrainType.Contains("UserGrain", StringComparison.Ordinal)).Sum(grain => grain.ActivationCount);
}
