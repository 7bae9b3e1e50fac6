using OrleansNotify.Tests.Cluster;
using OrleansNotify.Users;

namespace OrleansNotify.Tests.Users;

public sealed class GatesTests
{
    [Fact]
    public void Who_has_said_nothing_wants_everything() => Assert.Null(Gates.SkipReason(World.Message, World.At()));

    [Theory]
    [InlineData("alert", null, null, Reasons.Unsubscribed)]
    [InlineData("education", null, null, null)]
    [InlineData(null, "other", null, Reasons.AlertTypeDisabled)]
    [InlineData(null, "price_alert_triggered", null, null)]
    [InlineData(null, null, "GBPUSD", Reasons.InstrumentDisabled)]
    [InlineData(null, null, "EURUSD", null)]
    [InlineData("alert", "other", "GBPUSD", Reasons.Unsubscribed)]
    [InlineData(null, "other", "GBPUSD", Reasons.AlertTypeDisabled)]
    public void The_first_reason_that_holds_is_given(string? unsubscribed, string? types, string? instruments, string? reason)
    {
        Preferences preferences = new()
        {
            UnsubscribedTypes = unsubscribed is null ? [] : [unsubscribed],
            AlertTypesEnabled = types is null ? [] : [types],
            InstrumentsEnabled = instruments is null ? [] : [instruments],
        };
        Assert.Equal(reason, Gates.SkipReason(World.Message, World.At(World.Everywhere with { Preferences = preferences })));
    }

    [Fact]
    public void Every_gate_is_listed_with_its_verdict_also_after_one_that_is_shut()
    {
        Preferences preferences = new() { UnsubscribedTypes = ["alert"], InstrumentsEnabled = ["GBPUSD"] };
        Assert.Equal(
            [new Verdict("type", Reasons.Unsubscribed), new Verdict("alert_type", null), new Verdict("instrument", Reasons.InstrumentDisabled)],
            Gates.All(World.Message, World.At(World.Everywhere with { Preferences = preferences })));
    }

    [Fact]
    public void Urgent_templates_are_not_unsubscribed_from()
    {
        var profile = World.Everywhere with { Preferences = new Preferences { UnsubscribedTypes = ["alert"] } };
        Assert.Null(Gates.SkipReason(World.Message, World.At(profile, template: World.Template("position_failure_sl"))));
    }

    [Fact]
    public void A_message_without_an_instrument_is_of_none_that_is_switched_off()
    {
        var profile = World.Everywhere with { Preferences = new Preferences { InstrumentsEnabled = ["GBPUSD"] } };
        Assert.Null(Gates.SkipReason(World.Message with { Instrument = null }, World.At(profile)));
    }

    [Fact]
    public void What_an_unknown_template_is_unsubscribed_by_is_not_known()
    {
        var profile = World.Everywhere with { Preferences = new Preferences { UnsubscribedTypes = ["alert"] } };
        Assert.Null(Gates.SkipReason(World.Message, World.At(profile) with { Template = null }));
    }
}
