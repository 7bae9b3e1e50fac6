using System.Collections.Immutable;
using OrleansNotify.RateLimiting;
using OrleansNotify.Storage;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;
using StackExchange.Redis;

namespace OrleansNotify.Tests.Promises;

public sealed class An_alert_overtakes_ten_thousand_waiting_messages(StoreFixture stores)
{
    private const int Users = 20, EachUser = 500;
    private static readonly RateLimit s_limit = new(20, TimeSpan.FromSeconds(1));
    private static readonly ImmutableDictionary<Channel, RateLimit> s_limits = ImmutableDictionary<Channel, RateLimit>.Empty.Add(Channel.Email, s_limit);

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task A_transactional_one_overtakes_campaign_messages(StoreKind kind)
    {
        await using var cluster = await Backlog(kind, Priority.Campaign);
        PermitPace pace = new(cluster, Channel.Email);
        // A campaign under way, in step with its permits.
        await pace.Until(() => cluster.Email.Jobs.Count >= 30);
        // What the grain is about to give a permit to when the alert arrives goes first.
        for (var i = 0; i < 5; i++) Assert.InRange(await Overtaking(cluster, pace, $"alert{i}", Given.Alert), -s_limit.Count, 2);
    }

    [Fact]
    public async Task An_urgent_one_overtakes_transactional_messages()
    {
        await using var cluster = await Backlog(StoreKind.Embedded, Priority.Transactional);
        PermitPace pace = new(cluster, Channel.Email);
        for (var i = 0; i < 3; i++)
        {
            // While the clock stands, none is given any more.
            await Eventually.True(async () => await InWindow(cluster) == s_limit.Count);
            // It has a permit of the next window, of which the others are given side by side.
            Assert.InRange(await Overtaking(cluster, pace, $"alert{i}", Given.Failure), -s_limit.Count, s_limit.Count - 1);
        }
    }

    /// <summary>Ten thousand messages that were accepted at one moment, so that a few have gone and all others wait.</summary>
    private async Task<NotifyCluster> Backlog(StoreKind kind, Priority priority)
    {
        var cluster = await NotifyCluster.Start(await stores.Get(kind), silos: 2, limits: s_limits);
        await Task.WhenAll(Enumerable.Range(0, Users).Select(async i =>
        {
            var user = await cluster.UserWith($"u{i}");
            for (var sent = 0; sent < EachUser; sent++) Assert.Equal(ReceiptStatus.Accepted, (await user.Send(Given.Alert with { Priority = priority })).Status);
        }));
        var gone = cluster.Email.Jobs.Count;
        Assert.InRange(gone, 0, s_limit.Count);
        Assert.InRange(await cluster.Redis.SortedSetLengthAsync(cluster.Keys.Lane(Channel.Email, priority)), (Users * EachUser) - s_limit.Count, Users * EachUser);
        return cluster;
    }

    /// <summary>How many permits are in the window that ends now.</summary>
    private static Task<long> InWindow(NotifyCluster cluster) => cluster.Redis.SortedSetLengthAsync(
        cluster.Keys.Window(Channel.Email), StoreClock.ToMicroseconds(cluster.Clock.GetUtcNow() - s_limit.GrantWindow), exclude: Exclude.Start);

    /// <summary>Sends a message; answers how many that had no permit yet when it was accepted began before it.</summary>
    private static async Task<int> Overtaking(NotifyCluster cluster, PermitPace pace, string id, SendRequest request)
    {
        var user = await cluster.UserWith(id);
        var message = (await user.Send(request)).MessageId!.Value;
        var given = await pace.Given();
        await pace.Until(() => cluster.Email.Messages.Contains(message));
        return cluster.Email.Messages.ToList().IndexOf(message) - given;
    }
}
