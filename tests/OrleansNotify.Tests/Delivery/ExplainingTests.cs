using System.Collections.Immutable;
using OrleansNotify.Delivery;
using OrleansNotify.RateLimiting;
using OrleansNotify.Storage;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.Delivery;

public sealed class ExplainingTests(StoreFixture stores)
{
    private static readonly RateLimit s_limit = new(2, TimeSpan.FromMinutes(1));

    private static Explaining Explaining(NotifyCluster cluster) => new(
        cluster.Client, TestTemplates.Catalog, cluster.Service<LaneStore>(), cluster.Service<PermitStore>(), cluster.Service<NotifyOptions>(), cluster.Service<StoreClock>());

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task Each_channel_is_told_with_what_goes_first_and_when_it_has_a_permit(StoreKind kind)
    {
        var limits = ImmutableDictionary<Channel, RateLimit>.Empty.Add(Channel.Telegram, s_limit);
        await using var cluster = await NotifyCluster.Start(await stores.Get(kind), limits: limits);
        var user = await cluster.UserWith(telegram: true);
        var explaining = Explaining(cluster);
        Assert.Equal((0, 0), await Telegram(Given.Alert));

        foreach (var id in (string[])["bob", "cid"])
        {
            var other = await cluster.UserWith(id, email: false, telegram: true);
            await other.Until((await other.Send(Given.Alert)).MessageId, MessageStatus.Sent);
        }

        var waiting = new[] { Given.Alert, Given.Failure, Given.Failure, Given.Insight with { Priority = Priority.Campaign } };
        foreach (var (request, i) in waiting.Select((request, i) => (request, i)))
            await (await cluster.UserWith($"w{i}", email: false, telegram: true)).Send(request);
        cluster.Clock.Advance(TimeSpan.FromSeconds(13));

        // The window of two permits is 63 s long. One of them is left to transactional messages, so campaign ones are 63 s apart as well.
        Assert.Equal((3, 50_000), await Telegram(Given.Alert));
        Assert.Equal((2, 50_000), await Telegram(Given.Failure));
        Assert.Equal((4, 50_000), await Telegram(Given.Alert with { Priority = Priority.Campaign }));
        var email = (await explaining.Explain("ann", Given.Alert)).Channels.Single(channel => channel.Channel == Channel.Email);
        Assert.Equal(new ExplainedChannel { Channel = Channel.Email, Circuit = CircuitState.Closed, WaitingBefore = 0 }, email);
        var push = (await explaining.Explain("ann", Given.Alert)).Channels.Single(channel => channel.Channel == Channel.Push);
        Assert.Equal(new ExplainedChannel { Channel = Channel.Push, Obstacle = Reasons.NoAddress, Circuit = CircuitState.Closed }, push);
        Assert.Equal(2, await cluster.Redis.SortedSetLengthAsync(cluster.Keys.Window(Channel.Telegram)));

        async Task<(long?, long?)> Telegram(SendRequest request)
        {
            var told = (await explaining.Explain("ann", request)).Channels.Single(channel => channel.Channel == Channel.Telegram);
            return (told.WaitingBefore, told.PermitWaitMs);
        }
    }

    [Fact]
    public async Task What_is_wrong_or_for_nobody_is_said_and_looks_at_no_channel()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var explaining = Explaining(cluster);
        var unknown = await explaining.Explain("nobody", Given.Alert);
        Assert.Equal((ReceiptStatus.Rejected, Reasons.UnknownUser), (unknown.Receipt.Status, unknown.Receipt.Reason));
        var wrong = await explaining.Explain("nobody", Given.Alert with { TemplateName = "nothing" });
        Assert.Equal(["template_name"], wrong.Receipt.Errors!.Keys);
        Assert.Empty(wrong.Gates);
        Assert.Empty(wrong.Channels);
    }

    [Fact]
    public async Task A_lane_that_cannot_be_read_is_a_store_that_does_not_answer()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        await cluster.UserWith();
        await cluster.Redis.StringSetAsync(cluster.Keys.Lane(Channel.Email, Priority.Campaign), "broken");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Explaining(cluster).Explain("ann", Given.Insight with { Priority = Priority.Campaign }));
        await cluster.Redis.KeyDeleteAsync(cluster.Keys.Lane(Channel.Email, Priority.Campaign));
    }
}
