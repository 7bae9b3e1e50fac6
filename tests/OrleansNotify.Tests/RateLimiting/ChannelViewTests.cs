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
            Assert.Equal(ChannelView.Free, ChannelView.Of(ChannelState.Clear, channel, s_two, _ => null, urgent: true, s_now));
    }

    [Theory]
    [InlineData(true, 0, true), InlineData(false, 0, false), InlineData(false, 610, false), InlineData(true, 15, false)]
    public void An_open_circuit_is_passed_over_by_urgent_messages_and_while_it_is_not_on_trial(bool urgent, int seconds, bool passed)
    {
        var state = ChannelState.Clear.Open(null, "timeout", s_now);
        var view = ChannelView.Of(state, Channel.Email, s_two, _ => null, urgent, s_now.AddSeconds(seconds));
        ChannelView expected = new(passed, null) { IsOpen = true, Obstacle = new Obstacle(Reasons.CircuitOpen, s_now.AddSeconds(10)) };
        Assert.Equal(expected, view);
    }

    [Theory]
    [InlineData(30, false, false), InlineData(31, false, true), InlineData(3, true, false), InlineData(4, true, true)]
    public void A_long_pause_puts_the_channel_last_and_of_an_urgent_message_a_shorter_one(int seconds, bool urgent, bool passed)
    {
        var until = s_now.AddSeconds(seconds);
        var view = View(ChannelState.Clear.Pause(null, until, s_now), Channel.Telegram);
        Assert.Equal((passed, null, new Obstacle(Reasons.ChannelPaused, until), false), (view.IsPassedOver, view.NotBefore, view.Obstacle, view.IsOpen));
        view = View(ChannelState.Clear, Channel.Telegram, _ => until);
        Assert.Equal((passed, null, new Obstacle(Reasons.AddressPaused, until)), (view.IsPassedOver, view.NotBefore, view.Obstacle));
        view = View(ChannelState.Clear, Channel.Push, _ => until);
        Assert.Equal((passed, until, new Obstacle(Reasons.AddressPaused, until)), (view.IsPassedOver, view.NotBefore, view.Obstacle));
        var services = ChannelState.Clear.Pause(Service, until, s_now).Pause("https://web.push.apple.com", until, s_now);
        view = View(services, Channel.Push);
        Assert.Equal((passed, until, new Obstacle(Reasons.ChannelPaused, until)), (view.IsPassedOver, view.NotBefore, view.Obstacle));

        ChannelView View(ChannelState state, Channel channel, Func<string, DateTimeOffset?>? pausedUntil = null) =>
            ChannelView.Of(state, channel, s_two with { TelegramChatId = "4711" }, pausedUntil ?? (_ => null), urgent, s_now);
    }

    [Fact]
    public void What_stands_in_the_way_of_all_is_named_before_what_does_of_one_address()
    {
        var state = ChannelState.Clear.Open(null, "500", s_now);
        foreach (var channel in new[] { Channel.Telegram, Channel.Push })
        {
            var view = ChannelView.Of(state, channel, s_two with { TelegramChatId = "4711" }, _ => s_now.AddHours(1), urgent: false, s_now);
            Assert.Equal((true, Reasons.CircuitOpen), (view.IsOpen, view.Obstacle!.Reason));
        }
    }

    [Fact]
    public void Push_waits_only_when_all_devices_do()
    {
        var one = ChannelState.Clear.Open(Service, "timeout", s_now);
        Assert.Equal(ChannelView.Free, Push(one));
        var both = one.Pause("https://web.push.apple.com", s_now.AddSeconds(40), s_now);
        Obstacle circuit = new(Reasons.CircuitOpen, s_now.AddSeconds(10));
        Assert.Equal(new ChannelView(true, s_now.AddSeconds(10)) { Obstacle = circuit }, Push(both));
        Assert.Equal(new ChannelView(false, s_now.AddSeconds(10)) { Obstacle = circuit }, Push(both, urgent: false));
        Assert.Equal(ChannelView.Free, ChannelView.Of(both, Channel.Push, new Addresses(), _ => null, urgent: true, s_now));
        Assert.True(Push(both.Open(null, "timeout", s_now)).IsPassedOver);
        Assert.True(Push(one.Open("https://web.push.apple.com", "500", s_now)).IsOpen);

        // The one's service is on trial or free, and it was itself asked to wait; the other is free.
        Assert.Equal(ChannelView.Free, Push(ChannelState.Clear, paused: (World.Device.Id, 20)));
        Assert.Equal(s_now.AddSeconds(20), Push(both, paused: (World.Device.Id, 20)).NotBefore);
        Assert.Equal(s_now.AddSeconds(10), Push(both, paused: (World.Device.Id, 5)).NotBefore);

        ChannelView Push(ChannelState state, bool urgent = true, (string Device, int Seconds) paused = default) => ChannelView.Of(
            state, Channel.Push, s_two, device => device == paused.Device ? s_now.AddSeconds(paused.Seconds) : null, urgent, s_now);
    }
}
