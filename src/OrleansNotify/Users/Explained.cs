using System.Collections.Immutable;
using OrleansNotify.Delivery;
using OrleansNotify.RateLimiting;

namespace OrleansNotify.Users;

/// <summary>Tells a decision about a request, gate by gate.</summary>
internal static class Explained
{
    /// <param name="considered">The decision.</param>
    /// <param name="stateOf">What stands in each channel's way.</param>
    public static Explanation Of(Acceptance considered, Func<Channel, ChannelState> stateOf)
    {
        var receipt = considered.Receipt;
        var isStored = receipt.Status is ReceiptStatus.Accepted or ReceiptStatus.Deferred;
        return new Explanation
        {
            Receipt = isStored ? receipt with { MessageId = null } : receipt,
            Gates = [.. Gates(considered)],
            Plan = (isStored, considered.Next) switch
            {
                (true, Next.Ready ready) => ready.Plan,
                (true, Next.Hold hold) => hold.Plan,
                _ => [],
            },
            Channels =
            [
                .. Users.Plan.Candidates(considered.Message, considered.At)
                    .Select(candidate => Channel(candidate.Channel, candidate.Obstacle, stateOf(candidate.Channel), considered)),
            ],
        };
    }

    private static IEnumerable<ExplainedGate> Gates(Acceptance considered)
    {
        var (message, at) = (considered.Message, considered.At);
        var (sendAt, quietHours) = Decision.HeldUntil(message, at);
        yield return Stops("template", null);
        yield return Stops("duplicate", considered.Repeated is { } first ? first.Reason ?? "duplicate" : null);
        foreach (var (gate, reason) in Users.Gates.All(message, at)) yield return Stops(gate, reason);
        yield return Stops("channel", Users.Plan.Make(message, at).Obstacle);
        yield return Defers("send_at", Reasons.SendAt, sendAt);
        yield return Defers("quiet_hours", Reasons.QuietHours, quietHours);
        var held = Holding.Of(message, considered.Next, at);
        yield return Waits("circuit", held, Reasons.CircuitOpen);
        yield return Waits("pause", held, Reasons.ChannelPaused, Reasons.AddressPaused);
        yield return Waits("chat", held, Reasons.ChatLimit);
        yield return Stops("expires_before_delivery", considered.Skipped == Reasons.ExpiresBeforeDelivery ? considered.Skipped : null);
        yield return Stops("outbox", considered.HasRoom ? null : Reasons.OutboxFull);
    }

    private static ExplainedGate Waits(string gate, MessageHold? held, params string[] reasons) =>
        reasons.Contains(held?.Reason) ? Defers(gate, held!.Reason, held.Until) : Stops(gate, null);

    private static ExplainedGate Stops(string gate, string? reason) =>
        new() { Gate = gate, Verdict = reason is null ? GateVerdict.Pass : GateVerdict.Stop, Reason = reason };

    private static ExplainedGate Defers(string gate, string reason, DateTimeOffset? until) => until is null
        ? Stops(gate, null)
        : new ExplainedGate { Gate = gate, Verdict = GateVerdict.Defer, Reason = reason, Until = until };

    private static ExplainedChannel Channel(Channel channel, string? obstacle, ChannelState state, Acceptance considered)
    {
        var now = considered.At.Now;
        var services = channel == OrleansNotify.Channel.Push
            ? considered.At.Profile.Addresses.Devices.Select(device => state.Of(PushService.Of(device.Endpoint)) ?? new ServiceState()).ToList()
            : [];
        var best = services.Count == 0 ? new ServiceState() : services.MinBy(service => (Circuit.StateOf(service.Circuit, now), service.NotBefore(now)))!;
        var whole = state.Whole;
        var (circuit, bestCircuit) = (Circuit.StateOf(whole.Circuit, now), Circuit.StateOf(best.Circuit, now));
        var (until, bestUntil) = (whole.NotBefore(now), best.NotBefore(now));
        return new ExplainedChannel
        {
            Channel = channel,
            Obstacle = obstacle,
            Circuit = circuit > bestCircuit ? circuit : bestCircuit,
            PausedUntil = until is null || bestUntil > until ? bestUntil : until,
        };
    }
}
