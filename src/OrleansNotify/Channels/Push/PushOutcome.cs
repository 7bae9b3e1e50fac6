using OrleansNotify.Delivery;

namespace OrleansNotify.Channels.Push;

/// <summary>How an attempt ended that went to several devices.</summary>
internal static class PushOutcome
{
    // One acceptance is success. Without one: first what may still succeed, then what is at fault; gone only when all are gone.
    private static readonly OutcomeKind[] Order =
    [
        OutcomeKind.Sent, OutcomeKind.Unknown, OutcomeKind.Retry, OutcomeKind.Busy, OutcomeKind.Withdrawn, OutcomeKind.ChannelFault,
        OutcomeKind.Rejected, OutcomeKind.AddressGone,
    ];

    /// <summary>Combines the devices' outcomes, of which there is at least one.</summary>
    public static Outcome Combine(IReadOnlyCollection<DeviceAnswer> answers)
    {
        var kind = Order.First(each => answers.Any(answer => answer.Device.Kind == each));
        // Of several that are busy, the one that asks for the shortest wait; one that names none waits for the backoff.
        var first = answers.Where(answer => answer.Device.Kind == kind).MinBy(answer => answer.Device.RetryAfter ?? TimeSpan.Zero)!;
        return new Outcome
        {
            Kind = kind,
            Reason = first.Device.Reason,
            Detail = first.Detail,
            RetryAfter = first.Device.RetryAfter,
            SpeaksOf = first.Device.SpeaksOf,
            Answered = first.Device.Answered,
            Devices = [.. answers.Select(answer => answer.Device)],
        };
    }
}

/// <summary>What one device's service said.</summary>
internal sealed record DeviceAnswer(DeviceOutcome Device, string? Detail = null);
