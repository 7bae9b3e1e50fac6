using System.Collections.Immutable;
using OrleansNotify.RateLimiting;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;

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
        // A campaign under way, in step with its permits.
        await Until(cluster, () => cluster.Email.Jobs.Count >= 30);
        for (var i = 0; i < 5; i++)
        {
            var before = cluster.Email.Jobs.Count;
            var place = await Place(cluster, $"alert{i}", Given.Alert);
            Assert.InRange(place - before, 0, 2);
        }
    }

    [Fact]
    public async Task An_urgent_one_overtakes_transactional_messages()
    {
        await using var cluster = await Backlog(StoreKind.Embedded, Priority.Transactional);
        for (var i = 0; i < 3; i++)
        {
            var before = cluster.Email.Jobs.Count;
            var place = await Place(cluster, $"alert{i}", Given.Failure);
            // It has a permit of the next window, of which the others are given side by side.
            Assert.InRange(place - before, 0, s_limit.Count - 1);
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

    /// <summary>How many messages began before this one.</summary>
    private static async Task<int> Place(NotifyCluster cluster, string id, SendRequest request)
    {
        var user = await cluster.UserWith(id);
        var message = (await user.Send(request)).MessageId!.Value;
        await Until(cluster, () => cluster.Email.Messages.Contains(message));
        return cluster.Email.Messages.ToList().IndexOf(message);
    }

    private static Task Until(NotifyCluster cluster, Func<bool> holds) => Eventually.True(() =>
    {
        cluster.Clock.Advance(TimeSpan.FromMilliseconds(7));
        return holds();
    });
}
