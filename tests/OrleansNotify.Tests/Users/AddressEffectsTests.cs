using OrleansNotify.Delivery;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Users;

namespace OrleansNotify.Tests.Users;

public sealed class AddressEffectsTests
{
    [Theory]
    [InlineData(Channel.Email, Given.Email, "bounce 5.1.1"), InlineData(Channel.Telegram, Given.Chat, "5.1.1")]
    public void An_address_that_is_gone_is_disabled_with_the_reason(Channel channel, string address, string reason)
    {
        var before = World.Everywhere with { Disabled = [new DisabledAddress { Channel = channel, Reason = "old", At = World.Now }] };
        var after = After(before, channel, OutcomeKind.AddressGone, address);
        var disabled = Assert.Single(after.Disabled);
        Assert.Equal((channel, reason, World.Now), (disabled.Channel, disabled.Reason, disabled.At));
    }

    [Theory]
    [InlineData(Channel.Email, "old@b.example"), InlineData(Channel.Telegram, "1"), InlineData(Channel.Telegram, null)]
    public void A_bounce_of_an_old_address_leaves_the_new_one_alone(Channel channel, string? tried) =>
        Assert.Same(World.Everywhere, After(World.Everywhere, channel, OutcomeKind.AddressGone, tried));

    [Fact]
    public void Who_has_no_address_any_more_loses_none()
    {
        Profile none = new();
        Assert.Same(none, After(none, Channel.Email, OutcomeKind.AddressGone, null));
    }

    [Theory]
    [InlineData(OutcomeKind.Sent), InlineData(OutcomeKind.Retry), InlineData(OutcomeKind.Rejected)]
    public void Any_other_outcome_leaves_the_address_alone(object kind) =>
        Assert.Same(World.Everywhere, After(World.Everywhere, Channel.Email, (OutcomeKind)kind, Given.Email));

    [Fact]
    public void A_chat_that_has_moved_is_replaced()
    {
        var moved = Outcomes.Of(OutcomeKind.Busy, "moved", Given.Chat) with { NewChatId = "-100" };
        Assert.Equal("-100", AddressEffects.After(World.Everywhere, World.Message.Id, Channel.Telegram, OutcomeKind.Busy, moved, World.Now).Addresses.TelegramChatId);
    }

    [Fact]
    public void Only_devices_that_are_gone_are_deleted()
    {
        var other = World.DeviceAt("https://fcm.googleapis.com/2");
        var profile = World.Everywhere with { Addresses = World.Everywhere.Addresses with { Devices = [World.Device, other] } };
        var outcome = Outcomes.Sent with { Devices = [Of(World.Device, OutcomeKind.AddressGone), Of(other, OutcomeKind.ChannelFault)] };
        Assert.Equal([other], AddressEffects.After(profile, World.Message.Id, Channel.Push, OutcomeKind.Sent, outcome, World.Now).Addresses.Devices);
        Assert.Same(profile, AddressEffects.After(profile, World.Message.Id, Channel.Push, OutcomeKind.Sent, Outcomes.Sent, World.Now));
    }

    private static DeviceOutcome Of(PushDevice device, OutcomeKind kind) => new() { SubscriptionId = device.Id, Service = "https://fcm.googleapis.com", Kind = kind };

    private static Profile After(Profile profile, Channel channel, OutcomeKind kind, string? address) =>
        AddressEffects.After(profile, World.Message.Id, channel, kind, Outcomes.Of(kind, "5.1.1", address), World.Now);
}
