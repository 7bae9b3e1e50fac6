using System.Collections.Immutable;
using CsCheck;
using OrleansNotify.RateLimiting;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.Promises;

public sealed class Explain_says_what_then_happens(StoreFixture stores)
{
    private static readonly DateTimeOffset s_noon = World.Now;

    private static readonly Gen<QuietHours> s_quietHours =
        from enabled in Gen.Bool
        from start in Gen.Int[0, 23]
        from end in Gen.Int[0, 23]
        from zone in Gen.OneOf("UTC", "America/New_York", "Australia/Lord_Howe")
        select new QuietHours { Enabled = enabled, Start = new(start, 0), End = new(end, 30), TimeZone = zone };

    private static readonly Gen<Channel[]> s_order = Gen.Shuffle(Enum.GetValues<Channel>()).SelectMany(order => Gen.Int[1, 3], (order, count) => order[..count]);

    private static readonly Gen<Preferences> s_preferences =
        from enabled in Gen.Frequency((3, Gen.Const(true)), (1, Gen.Bool)).Array[3]
        from unsubscribed in Gen.Frequency((4, Gen.Const("")), (1, Gen.OneOf("alert", "education")))
        from types in Gen.Frequency((5, Gen.Const("")), (1, Gen.OneOf("daily_insight", "price_alert_triggered")))
        from instruments in Gen.Frequency((5, Gen.Const("")), (1, Gen.OneOf("EURUSD", "GBPUSD")))
        from quietHours in s_quietHours
        from urgent in Gen.Bool
        from order in s_order
        select new Preferences
        {
            Channels = new() { Push = enabled[0], Telegram = enabled[1], Email = enabled[2] },
            UnsubscribedTypes = List(unsubscribed),
            AlertTypesEnabled = List(types),
            InstrumentsEnabled = List(instruments),
            QuietHours = quietHours,
            UrgentDuringQuietHours = urgent,
            FallbackOrder = [.. order],
        };

    private static readonly Gen<SendRequest> s_request =
        from request in Gen.OneOf(Given.Alert, Given.Failure, Given.Insight, Given.Alert with { TemplateVars = TemplateVars.Empty })
        from channel in Gen.Enum<Channel>().Nullable(0.4)
        from fallback in Gen.Bool
        from priority in Gen.Enum<Priority>()
        from sendAt in Gen.Int[-5, 30].Nullable(0.6)
        from expiresAt in Gen.Int[-1, 40].Nullable(0.6)
        from key in Gen.OneOf<string?>(null, null, "first", "another")
        select request with
        {
            Channel = channel,
            Fallback = fallback,
            Priority = priority,
            SendAt = sendAt is { } send ? s_noon.AddHours(send) : null,
            ExpiresAt = expiresAt is { } expires ? s_noon.AddHours(expires) : null,
            IdempotencyKey = key,
        };

    private static readonly Gen<Case> s_world =
        from preferences in s_preferences
        from request in s_request
        from repeats in Gen.Bool
        from addresses in Gen.Frequency((3, Gen.Const(true)), (1, Gen.Bool)).Array[3]
        from states in Gen.Frequency((3, Gen.Const(0)), (1, Gen.Int[1, 3])).Array[3]
        from service in Gen.Int[0, 3]
        select new Case(preferences, request, repeats, addresses, states, service);

    private static ImmutableArray<string> List(string name) => name.Length == 0 ? [] : [name];

    [Fact]
    public async Task For_any_user_and_request()
    {
        // Without room for a send, so that what a user has is not under way while the store is looked at.
        await using var cluster = await NotifyCluster.Start(await stores.Get(StoreKind.Embedded), room: 0);
        Assert.InRange(cluster.Clock.GetUtcNow(), s_noon.AddDays(-1), s_noon.AddDays(1));
        var count = 0;
        ReceiptStatus[] seen = [];
        await s_world.SampleAsync(
            async world =>
            {
                var user = $"u{count++}";
                await Make(cluster, user, world);
                var receipt = await Holds(cluster, user, world.Request);
                seen = [.. seen, receipt.Status];
            },
            iter: 200, threads: 1);
        Assert.Superset(
            new HashSet<ReceiptStatus> { ReceiptStatus.Accepted, ReceiptStatus.Deferred, ReceiptStatus.Skipped, ReceiptStatus.Duplicate, ReceiptStatus.Rejected },
            seen.ToHashSet());
    }

    private static async Task<Receipt> Holds(NotifyCluster cluster, string id, SendRequest request)
    {
        var user = cluster.User(id);
        var (before, commits) = (await Stored(), Commits());

        var explained = await user.Explain(request);

        Assert.Equal(before, await Stored());
        Assert.Equal(commits, Commits());
        var receipt = await user.Send(request);
        Assert.Equal(
            (explained.Receipt.Status, explained.Receipt.Reason, explained.Receipt.DeliverAt), (receipt.Status, receipt.Reason, receipt.DeliverAt));
        Assert.Equal(explained.Receipt.Errors?.Keys, receipt.Errors?.Keys);
        if (receipt.Status is not (ReceiptStatus.Accepted or ReceiptStatus.Deferred))
        {
            Assert.Empty(explained.Plan);
            Assert.Equal(receipt.MessageId, explained.Receipt.MessageId);
            if (receipt.Reason is { } reason) Assert.Equal(reason, explained.Gates.First(gate => gate.Verdict == GateVerdict.Stop).Reason);
            return receipt;
        }

        Assert.DoesNotContain(explained.Gates, gate => gate.Verdict == GateVerdict.Stop);
        var message = (await user.GetMessage(receipt.MessageId!.Value))!;
        Assert.Equal(message.Plan, explained.Plan);
        Assert.All(message.Plan, channel => Assert.Null(explained.Channels.Single(told => told.Channel == channel).Obstacle));
        if (receipt.Status == ReceiptStatus.Deferred)
        {
            var last = explained.Gates.Last(gate => gate.Verdict == GateVerdict.Defer);
            Assert.Equal((receipt.Reason, receipt.DeliverAt), (last.Reason, last.Until));
        }

        return receipt;

        int Commits()
        {
            lock (cluster.Store().Commits) return cluster.Store().Commits.Count(commit => commit.Outbox == cluster.Keys.Outbox(id));
        }

        async Task<string> Stored()
        {
            var fields = await cluster.Redis.HashGetAllAsync(cluster.Keys.Outbox(id));
            return string.Join(' ', fields.Select(field => $"{field.Name}={Convert.ToHexString((byte[])field.Value!)}").Order());
        }
    }

    private static async Task Make(NotifyCluster cluster, string id, Case world)
    {
        var user = await cluster.UserWith(id, email: world.Addresses[2], telegram: world.Addresses[1]);
        if (world.Addresses[0]) await cluster.AddDevice(id, $"https://fcm.googleapis.com/{id}");
        if (world.Repeats) await user.Send(Given.Alert with { IdempotencyKey = "first", SendAt = s_noon.AddDays(2) });
        if (world.Repeats && world.Request.IdempotencyKey == "another" && (await user.Send(world.Request)).MessageId is { } another) await user.Cancel(another);
        await user.Prefers(world.Preferences);
        var watch = cluster.Service<ChannelWatch>();
        foreach (var channel in Enum.GetValues<Channel>()) Put(watch, channel, null, world.States[(int)channel], cluster);
        Put(watch, Channel.Push, "https://fcm.googleapis.com", world.Service, cluster);
    }

    // Of a channel or a push service: in use, its circuit open, or paused for a short or a long time.
    private static void Put(ChannelWatch watch, Channel channel, string? service, int state, NotifyCluster cluster)
    {
        watch.EndTrial(channel, service, failed: false, "");
        if (state == 1) watch.Open(channel, service, "500");
        if (state > 1) watch.Pause(channel, service, cluster.Clock.GetUtcNow().AddSeconds(state == 2 ? 20 : 120));
    }

    private sealed record Case(Preferences Preferences, SendRequest Request, bool Repeats, bool[] Addresses, int[] States, int Service);
}
