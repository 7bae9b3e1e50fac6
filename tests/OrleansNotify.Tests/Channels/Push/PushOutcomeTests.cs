using CsCheck;
using OrleansNotify.Channels.Push;
using OrleansNotify.Delivery;

namespace OrleansNotify.Tests.Channels.Push;

public sealed class PushOutcomeTests
{
    // Of all that a device may have, what an attempt makes of it first.
    private static readonly OutcomeKind[] Order =
    [
        OutcomeKind.Sent, OutcomeKind.Unknown, OutcomeKind.Retry, OutcomeKind.Busy, OutcomeKind.Withdrawn, OutcomeKind.ChannelFault,
        OutcomeKind.Rejected, OutcomeKind.AddressGone,
    ];

    private static readonly Gen<DeviceAnswer> Answers =
        from kind in Gen.Int[0, Order.Length - 1].Select(i => Order[i])
        from reason in Gen.Int[0, 3]
        from wait in Gen.Int[-1, 5]
        from failed in Gen.Bool
        select Answer(kind, $"r{reason}", kind == OutcomeKind.Busy && wait >= 0 ? wait : null, failed);

    [Theory]
    [InlineData("Sent AddressGone Unknown", "Sent")]
    [InlineData("AddressGone Sent", "Sent")]
    [InlineData("Rejected Unknown Retry", "Unknown")]
    [InlineData("Busy Retry", "Retry")]
    [InlineData("ChannelFault Busy Rejected", "Busy")]
    [InlineData("Withdrawn Withdrawn", "Withdrawn")]
    [InlineData("Withdrawn Rejected", "Withdrawn")]
    [InlineData("AddressGone ChannelFault Rejected", "ChannelFault")]
    [InlineData("AddressGone Rejected AddressGone", "Rejected")]
    [InlineData("AddressGone AddressGone", "AddressGone")]
    public void Several_devices_make_one_outcome(string devices, string kind)
    {
        var outcome = PushOutcome.Combine([.. devices.Split(' ').Select(each => Answer(Enum.Parse<OutcomeKind>(each), each, null, false))]);

        Assert.Equal((kind, kind, $"about {kind}"), (outcome.Kind.ToString(), outcome.Reason, outcome.Detail));
        Assert.Equal(devices, string.Join(' ', outcome.Devices.Select(device => device.Kind)));
    }

    [Fact]
    public void Of_several_that_are_busy_the_shortest_wait_counts()
    {
        var outcome = PushOutcome.Combine([Busy(9), Busy(4), Busy(7)]);
        Assert.Equal(TimeSpan.FromSeconds(4), outcome.RetryAfter);
    }

    // The backoff begins with a second: a wait of an hour for one device must not be one for the other.
    [Fact]
    public void Who_names_no_wait_is_asked_again_after_the_backoff()
    {
        Assert.Null(PushOutcome.Combine([Busy(3600), Busy(null)]).RetryAfter);
        Assert.Null(PushOutcome.Combine([Busy(null)]).RetryAfter);
    }

    [Fact]
    public void Any_devices_make_the_first_outcome_that_one_of_them_had() => Answers.Array[1, 20].Sample(answers =>
    {
        var outcome = PushOutcome.Combine(answers);

        var kind = Order[answers.Min(answer => Array.IndexOf(Order, answer.Device.Kind))];
        var such = answers.Where(answer => answer.Device.Kind == kind).ToList();
        Assert.Equal(kind, outcome.Kind);
        Assert.Equal(answers.Select(answer => answer.Device), outcome.Devices);
        Assert.Equal(such.Exists(answer => answer.Device.RetryAfter is null) ? null : such.Min(answer => answer.Device.RetryAfter), outcome.RetryAfter);
        Assert.Contains(such, answer => answer.Detail == outcome.Detail
            && (answer.Device.Reason, answer.Device.SpeaksOf, answer.Device.Answered)
            == (outcome.Reason, outcome.SpeaksOf, outcome.Answered));
    });

    private static DeviceAnswer Busy(int? seconds) => Answer(OutcomeKind.Busy, "429", seconds, false);

    private static DeviceAnswer Answer(OutcomeKind kind, string reason, int? seconds, bool connectFailed) => new(
        new DeviceOutcome
        {
            SubscriptionId = "d",
            Service = "https://push.example",
            Kind = kind,
            Reason = reason,
            RetryAfter = seconds is { } given ? TimeSpan.FromSeconds(given) : null,
            SpeaksOf = connectFailed ? SpeaksOf.Channel : SpeaksOf.Recipient,
            Answered = !connectFailed,
        },
        $"about {kind}");
}
