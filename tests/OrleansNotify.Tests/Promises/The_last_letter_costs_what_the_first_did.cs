using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.DeadLetters;
using OrleansNotify.Tests.Processes;
using OrleansNotify.Tests.Stores;
using StackExchange.Redis;

namespace OrleansNotify.Tests.Promises;

/// <summary>Counted in commands that Redis runs, those inside of scripts too, for a time would say more of the machine.</summary>
public sealed class The_last_letter_costs_what_the_first_did : IAsyncLifetime
{
    private const int Few = 100, Many = 5_000;

    private RedisProcess _process = null!;
    private ConnectionMultiplexer _redis = null!;

    public async ValueTask InitializeAsync()
    {
        Needs.Program("redis-server");
        _process = await RedisProcess.Start();
        _redis = await ConnectionMultiplexer.ConnectAsync(_process.Connection + ",allowAdmin=true");
    }

    public async ValueTask DisposeAsync()
    {
        await _redis.DisposeAsync();
        await _process.DisposeAsync();
    }

    [Fact]
    public async Task To_keep_to_list_to_filter_to_group_to_redrive_and_to_discard()
    {
        await using var cluster = await NotifyCluster.Start(new Store(StoreKind.Redis, _process.Connection, _redis));
        var user = await cluster.UserWith();
        await Fill(cluster, 0, Few);
        var first = await Costs(cluster, user);
        await Fill(cluster, Few, Many);
        var last = await Costs(cluster, user);

        Assert.Equal(first, last);
        Assert.InRange(first.Values.Max(), 1, 300);
    }

    // Of many users, in a few groups.
    private static Task Fill(NotifyCluster cluster, int from, int to) => cluster.Put(
        Enumerable.Range(from, to - from).Select(i => LetterRig.Letter($"u{i % 50}", reason: $"reason {i % 5}", afterMs: i - Many)));

    private async Task<Dictionary<string, long>> Costs(NotifyCluster cluster, IUserGrain user)
    {
        var letters = cluster.Letters();
        Dictionary<string, long> costs = [];
        await Fail();
        DeadLetterView letter = null!;
        costs["keep"] = await Cost(async () => letter = await Fail());
        string? cursor = null;
        costs["list"] = await Cost(async () => cursor = (await letters.List(new(), null, 20)).NextCursor);
        costs["the next page"] = await Cost(() => letters.List(new(), cursor, 20));
        costs["by reason"] = await Cost(() => letters.List(new() { Reason = "reason 1" }, null, 10));
        costs["by channel and time"] = await Cost(() => letters.List(new() { Channel = Channel.Email, To = World.Now }, null, 10));
        costs["by user"] = await Cost(() => letters.List(new() { UserId = "u1" }, null, 1));
        costs["groups"] = await Cost(() => letters.Groups(new()));
        costs["count"] = await Cost(() => letters.Count(new() { TemplateName = "price_alert_triggered" }));
        costs["redrive"] = await Cost(async () =>
        {
            Assert.Equal(RedriveResult.Redriven, await letters.Redrive(letter.Id, "ops"));
            await user.Until(letter.MessageId, MessageStatus.Sent);
        });
        letter = await Fail();
        costs["discard"] = await Cost(() => letters.Discard(letter.Id, "ops"));
        return costs;

        async Task<DeadLetterView> Fail()
        {
            var view = await cluster.Fail(user);
            cluster.Clock.Advance(TimeSpan.FromMilliseconds(1));
            return view;
        }
    }

    private async Task<long> Cost(Func<Task> what)
    {
        var server = _redis.GetServers()[0];
        await server.ConfigResetStatisticsAsync();
        await what();
        var stats = await server.InfoAsync("commandstats");
        return stats.SelectMany(section => section)
            .Where(line => line.Key is not ("cmdstat_info" or "cmdstat_config|resetstat" or "cmdstat_ping"))
            .Sum(line => long.Parse(line.Value.Split('=', ',')[1], System.Globalization.CultureInfo.InvariantCulture));
    }
}
