using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.Promises;

public sealed class Deferred_messages_ask_the_preferences_again(StoreFixture stores)
{
    private static readonly QuietHours s_noon = new() { Enabled = true, Start = new(11, 0), End = new(13, 0), TimeZone = "UTC" };

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task And_what_is_no_longer_wanted_is_skipped_with_the_reason(StoreKind kind)
    {
        await using var cluster = await stores.Cluster(kind, silos: 2);
        await Check(cluster, "unsubscribed", Reasons.Unsubscribed, new Preferences { UnsubscribedTypes = ["alert"] });
        await Check(cluster, "instrument", Reasons.InstrumentDisabled, new Preferences { InstrumentsEnabled = ["GBPUSD"] });
        await Check(cluster, "alert_type", Reasons.AlertTypeDisabled, new Preferences { AlertTypesEnabled = ["other"] });
        await Check(cluster, "channel", Reasons.ChannelDisabled, new Preferences { Channels = new() { Push = false, Telegram = false, Email = false } });
        Assert.Empty(cluster.Email.Jobs);
    }

    [Fact]
    public async Task And_one_that_is_still_wanted_goes_where_they_now_say_and_when()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var user = await cluster.UserWith(telegram: true, preferences: new Preferences { QuietHours = s_noon });
        var receipt = await user.Send(Given.Alert);
        Assert.Equal((ReceiptStatus.Deferred, cluster.Clock.GetUtcNow().AddHours(1)), (receipt.Status, receipt.DeliverAt!.Value));
        await user.SetPreferences(new Preferences { QuietHours = s_noon with { End = new(14, 0) }, FallbackOrder = [Channel.Email] });

        var start = cluster.Clock.GetUtcNow();
        await Eventually.True(async () =>
        {
            cluster.Clock.Advance(TimeSpan.FromSeconds(30));
            return (await user.GetMessage(receipt.MessageId!.Value))!.Status == MessageStatus.Sent;
        });

        var sent = (await user.GetMessage(receipt.MessageId!.Value))!;
        Assert.Equal(Channel.Email, sent.Channel);
        Assert.True(sent.Events[^1].At >= start.AddHours(2));
        Assert.Empty(cluster.Telegram.Jobs);
    }

    // Looked at when the preferences change, and again when it wakes: whichever comes first settles it.
    private static async Task Check(NotifyCluster cluster, string id, string reason, Preferences changed)
    {
        var user = await cluster.UserWith(id);
        var receipt = await user.Send(Given.Alert with { SendAt = cluster.Clock.GetUtcNow().AddMinutes(1) });
        Assert.Equal(ReceiptStatus.Deferred, receipt.Status);
        await user.Prefers(changed);
        cluster.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(reason, (await user.Until(receipt.MessageId, MessageStatus.Skipped)).Events[^1].Detail);
    }
}
