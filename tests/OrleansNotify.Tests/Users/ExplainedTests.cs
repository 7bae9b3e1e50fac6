using System.Collections.Immutable;
using OrleansNotify.Delivery;
using OrleansNotify.RateLimiting;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Users;

namespace OrleansNotify.Tests.Users;

public sealed class ExplainedTests
{
    private const string Fcm = "https://fcm.googleapis.com", Apple = "https://web.push.apple.com";
    private static readonly string[] s_gates =
    [
        "template", "duplicate", "type", "alert_type", "instrument", "channel", "send_at", "quiet_hours", "circuit", "pause", "chat", "expires_before_delivery", "outbox",
    ];

    private static Explanation Explain(
        SendRequest? request = null, Profile? profile = null, Outbox? outbox = null, Func<Channel, ChannelView>? view = null, Func<Channel, ChannelState>? state = null,
        DateTimeOffset? chat = null)
    {
        request ??= Given.Alert;
        var at = World.At(profile, template: World.Template(request.TemplateName)) with
        {
            View = (channel, _) => view?.Invoke(channel) ?? ChannelView.Free,
            ChatMoment = () => chat,
        };
        var message = NewMessage.From(request, "ann", at.Template!.Manifest, at.Now, at.WallNow);
        return Explained.Of(Acceptance.Of(request, message, 1000, at, outbox ?? Outbox.Empty), state ?? (_ => ChannelState.Clear));
    }

    private static IEnumerable<string> NotPassed(Explanation explained) =>
        explained.Gates.Where(gate => gate.Verdict != GateVerdict.Pass).Select(gate => $"{gate.Gate} {gate.Verdict} {gate.Reason} {gate.Until?.Hour}".Trim());

    [Fact]
    public void What_nothing_stands_in_the_way_of_passes_every_gate()
    {
        var explained = Explain();
        Assert.Equal(s_gates, explained.Gates.Select(gate => gate.Gate));
        Assert.Empty(NotPassed(explained));
        Assert.Equal(new Receipt { Status = ReceiptStatus.Accepted }, explained.Receipt);
        Assert.Equal([Channel.Push, Channel.Telegram, Channel.Email], explained.Plan);
        Assert.All(explained.Channels, channel => Assert.Equal(new ExplainedChannel { Channel = channel.Channel, Circuit = CircuitState.Closed }, channel));
    }

    [Fact]
    public void What_is_stopped_has_the_reason_of_the_first_gate_that_stops_it_and_no_plan()
    {
        var profile = World.Everywhere with
        {
            Preferences = new Preferences { AlertTypesEnabled = ["other"], InstrumentsEnabled = ["GBPUSD"] },
            Addresses = new Addresses(),
        };
        var explained = Explain(profile: profile);
        Assert.Equal(["alert_type Stop alert_type_disabled", "instrument Stop instrument_disabled", "channel Stop no_address"], NotPassed(explained));
        Assert.Equal(new Receipt { Status = ReceiptStatus.Skipped, Reason = Reasons.AlertTypeDisabled }, explained.Receipt);
        Assert.Empty(explained.Plan);
        Assert.All(explained.Channels, channel => Assert.Equal(Reasons.NoAddress, channel.Obstacle));
    }

    [Fact]
    public void Quiet_hours_are_asked_at_the_time_that_the_request_names()
    {
        QuietHours evening = new() { Enabled = true, Start = new(18, 0), End = new(20, 0), TimeZone = "UTC" };
        var profile = World.Everywhere with { Preferences = new Preferences { QuietHours = evening } };
        var explained = Explain(Given.Alert with { SendAt = World.Now.AddHours(7) }, profile);
        Assert.Equal(["send_at Defer send_at 19", "quiet_hours Defer quiet_hours 20"], NotPassed(explained));
        Assert.Equal(new Receipt { Status = ReceiptStatus.Deferred, Reason = Reasons.QuietHours, DeliverAt = World.Now.AddHours(8) }, explained.Receipt);
        Assert.Equal(["send_at Defer send_at 15"], NotPassed(Explain(Given.Alert with { SendAt = World.Now.AddHours(3) }, profile)));
    }

    [Fact]
    public void What_expires_is_told_by_the_gate_that_finds_it()
    {
        Assert.Equal(["expires_before_delivery Stop expires_before_delivery"], NotPassed(Explain(Given.Alert with { ExpiresAt = World.Now })));
        var later = Explain(Given.Alert with { ExpiresAt = World.Now.AddHours(1), SendAt = World.Now.AddHours(1) });
        Assert.Equal(["send_at Defer send_at 13", "expires_before_delivery Stop expires_before_delivery"], NotPassed(later));
        Assert.Equal(Reasons.ExpiresBeforeDelivery, later.Receipt.Reason);
    }

    [Fact]
    public void What_is_neither_wanted_nor_in_time_is_told_as_not_wanted()
    {
        var profile = World.Everywhere with { Preferences = new Preferences { AlertTypesEnabled = ["other"] } };
        var explained = Explain(Given.Alert with { ExpiresAt = World.Now }, profile);
        Assert.Equal(["alert_type Stop alert_type_disabled"], NotPassed(explained));
        Assert.Equal(Reasons.AlertTypeDisabled, explained.Receipt.Reason);
    }

    [Fact]
    public void A_chat_that_was_just_written_to_is_waited_for()
    {
        var explained = Explain(Given.Alert with { Channel = Channel.Telegram }, chat: World.Now.AddHours(1));
        Assert.Equal(["chat Defer chat_limit 13"], NotPassed(explained));
        Assert.Equal(new Receipt { Status = ReceiptStatus.Accepted }, explained.Receipt);
        Assert.Empty(NotPassed(Explain(chat: World.Now.AddHours(1))));
    }

    [Fact]
    public void A_key_that_was_used_is_told_with_the_first_message()
    {
        var request = Given.Alert with { IdempotencyKey = "k" };
        var used = Acceptance.Of(request, World.Message, 1, World.At(), Outbox.Empty).Body!;
        var outbox = Outbox.Empty with { Keys = Outbox.Empty.Keys.Add("k", new UsedKey { MessageId = World.Message.Id, Body = used, At = World.Now }) };
        var same = Explain(request, outbox: outbox);
        Assert.Equal(["duplicate Stop duplicate"], NotPassed(same));
        Assert.Equal(new Receipt { Status = ReceiptStatus.Duplicate, MessageId = World.Message.Id }, same.Receipt);
        Assert.Empty(same.Plan);
        Assert.Equal(["duplicate Stop idempotency_key_reused"], NotPassed(Explain(request with { Instrument = "GBPUSD" }, outbox: outbox)));
        Assert.Empty(NotPassed(Explain(request with { IdempotencyKey = "other" }, outbox: outbox)));
        var old = outbox with { Keys = outbox.Keys.SetItem("k", outbox.Keys["k"] with { At = World.Now - Outbox.KeyLife }) };
        Assert.Empty(NotPassed(Explain(request, outbox: old)));
    }

    [Fact]
    public void A_full_outbox_is_told_last()
    {
        var full = Enumerable.Range(0, Outbox.MostMessages).ToImmutableDictionary(_ => Guid.CreateVersion7(World.Now), _ => new StoredMessage(World.Message, 1));
        var explained = Explain(outbox: Outbox.Empty with { Messages = full });
        Assert.Equal(["outbox Stop outbox_full"], NotPassed(explained));
        Assert.Equal(new Receipt { Status = ReceiptStatus.Busy, Reason = Reasons.OutboxFull }, explained.Receipt);
    }

    [Theory]
    [InlineData(Reasons.CircuitOpen, "circuit Defer circuit_open 13"), InlineData(Reasons.ChannelPaused, "pause Defer channel_paused 13")]
    [InlineData(Reasons.AddressPaused, "pause Defer address_paused 13")]
    public void What_stands_in_the_way_of_the_first_channel_holds_the_message_wherever_it_waits(string reason, string gate)
    {
        Obstacle obstacle = new(reason, World.Now.AddHours(1));
        ChannelView inLane = new(false, null) { Obstacle = obstacle }, onAgenda = new(true, obstacle.Until) { Obstacle = obstacle };
        foreach (var view in new[] { inLane, onAgenda })
        {
            var explained = Explain(Given.Alert with { Channel = Channel.Push, Fallback = false }, view: _ => view);
            Assert.Equal([gate], NotPassed(explained));
            Assert.Equal(new Receipt { Status = ReceiptStatus.Accepted }, explained.Receipt);
            Assert.Equal([Channel.Push], explained.Plan);
        }

        var chat = Explain(Given.Alert with { Channel = Channel.Telegram }, view: _ => inLane, chat: World.Now.AddHours(3));
        Assert.Equal([gate], NotPassed(chat));
        Assert.Empty(NotPassed(Explain(view: channel => channel == Channel.Push ? ChannelView.Free : inLane)));
    }

    [Fact]
    public void A_channel_is_told_with_its_circuit_and_when_it_may_be_used_again()
    {
        var open = Circuit.Open(World.Now, "500");
        ChannelState Of(Channel channel) => channel switch
        {
            Channel.Email => new ChannelState { Circuit = open, PausedUntil = World.Now.AddMinutes(1) },
            Channel.Telegram => new ChannelState { Circuit = open with { Trial = new Trial(Guid.Empty, World.Now.AddSeconds(30)) } },
            _ => ChannelState.Clear,
        };
        var channels = Explain(state: Of).Channels;
        Assert.Equal((Channel.Push, CircuitState.Closed, null), Told(channels[0]));
        Assert.Equal((Channel.Telegram, CircuitState.Trial, World.Now.AddSeconds(40)), Told(channels[1]));
        Assert.Equal((Channel.Email, CircuitState.Open, World.Now.AddMinutes(1)), Told(channels[2]));
    }

    [Fact]
    public void Push_is_as_good_as_the_best_service_of_the_users_devices_and_no_better_than_the_channel()
    {
        var open = Circuit.Open(World.Now, "500");
        var profile = World.Everywhere with { Addresses = new Addresses { Devices = [World.DeviceAt(Fcm + "/1"), World.DeviceAt(Apple + "/2")] } };
        var services = ImmutableDictionary<string, ServiceState>.Empty.Add(Fcm, new ServiceState { Circuit = open });
        Assert.Equal((CircuitState.Closed, null), Push(new ChannelState { Services = services }));
        services = services.Add(Apple, new ServiceState { Circuit = open with { TrialAt = World.Now } });
        Assert.Equal((CircuitState.Trial, null), Push(new ChannelState { Services = services }));
        services = services.SetItem(Apple, new ServiceState { PausedUntil = World.Now.AddSeconds(5) });
        Assert.Equal((CircuitState.Closed, World.Now.AddSeconds(5)), Push(new ChannelState { Services = services }));
        services = services.SetItem(Apple, new ServiceState { Circuit = open });
        Assert.Equal((CircuitState.Open, open.TrialAt), Push(new ChannelState { Services = services }));
        Assert.Equal((CircuitState.Open, World.Now.AddHours(1)), Push(new ChannelState { Services = services, PausedUntil = World.Now.AddHours(1) }));
        Assert.Equal((CircuitState.Open, open.TrialAt), Push(new ChannelState { Services = services, PausedUntil = World.Now.AddSeconds(1) }));
        Assert.Equal((CircuitState.Open, open.TrialAt), Push(new ChannelState { Circuit = open }));

        (CircuitState, DateTimeOffset?) Push(ChannelState state)
        {
            var told = Explain(profile: profile, state: _ => state).Channels[0];
            return (told.Circuit, told.PausedUntil);
        }
    }

    private static (Channel, CircuitState, DateTimeOffset?) Told(ExplainedChannel told) => (told.Channel, told.Circuit, told.PausedUntil);
}
