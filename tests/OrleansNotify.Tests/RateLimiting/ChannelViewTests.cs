using OrleansNotify.RateLimiting;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Users;

namespace OrleansNotify.Tests.RateLimiting;

public sealed class ChannelViewTests
{
    private const string Service = "https://fcm.googleapis.com";
    private static readonly DateTimeOffset s_now = World.Now;
    private static readonly Addresses s_two = new() { Devices = [World.Device, World.DeviceAt("https://web.push.apple.com/2")] };

    [Fact]
    public void A_channel_in_whose_way_nothing_stands_is_free()
    {
        foreach (var channel in Enum.GetValues<Channel>())
            Assert.Equal(ChannelView.Free, ChannelView.Of(ChannelState.Clear, channel, s_two, urgent: true, s_now));
    }

    [Theory]
    [InlineData(true, 0, true), InlineData(false, 0, false), InlineData(false, 610, false), InlineData(true, 15, false)]
    public void An_open_circuit_is_passed_over_by_urgent_messages_and_while_it_is_not_on_trial(bool urgent, int seconds, bool passed)
    {
        var state = ChannelState.Clear.Open(null, "timeout", s_now);
        Assert.Equal(new ChannelView(passed, null), ChannelView.Of(state, Channel.Email, s_two, urgent, s_now.AddSeconds(seconds)));
    }

    [Theory]
    [InlineData(30, false), InlineData(31, true)]
    public void A_pause_over_thirty_seconds_counts_as_an_open_circuit(int seconds, bool passed)
    {
        var state = ChannelState.Clear.Pause(null, s_now.AddSeconds(seconds), s_now);
        Assert.Equal(passed, ChannelView.Of(state, Channel.Telegram, s_two, urgent: false, s_now).IsPassedOver);
    }

    [Fact]
    public void Push_waits_only_when_the_services_of_all_devices_do()
    {
        var one = ChannelState.Clear.Open(Service, "timeout", s_now);
        Assert.Equal(ChannelView.Free, ChannelView.Of(one, Channel.Push, s_two, urgent: true, s_now));
        var both = one.Pause("https://web.push.apple.com", s_now.AddSeconds(40), s_now);
        Assert.Equal(new ChannelView(true, s_now.AddSeconds(10)), ChannelView.Of(both, Channel.Push, s_two, urgent: true, s_now));
        Assert.Equal(new ChannelView(false, s_now.AddSeconds(10)), ChannelView.Of(both, Channel.Push, s_two, urgent: false, s_now));
        Assert.Equal(ChannelView.Free, ChannelView.Of(both, Channel.Push, new Addresses(), urgent: true, s_now));
        Assert.True(ChannelView.Of(both.Open(null, "timeout", s_now), Channel.Push, s_two, urgent: true, s_now).IsPassedOver);
    }
}
