using OrleansNotify.RateLimiting;
using OrleansNotify.Storage;

namespace OrleansNotify.Delivery;

/// <summary>Draws from this silo's outcomes what they say of channels and push services: which circuits open or close, which are paused.</summary>
internal sealed class ChannelHealth(ChannelWatch channels, StoreClock clock)
{
    /// <summary>More push services than the world has; beyond them the failures of the one that was seen first are forgotten.</summary>
    public const int MostRuns = 256;

    private readonly Lock _gate = new();
    private readonly OrderedDictionary<(Channel, string?), FailureRun> _runs = [];
    private readonly BusyTogether _busy = new();

    /// <summary>Takes note of an attempt's outcome, before it is offered to its message.</summary>
    public void Note(Channel channel, string user, string template, Outcome outcome)
    {
        if (channel == Channel.Push && !outcome.Devices.IsEmpty)
        {
            foreach (var device in outcome.Devices)
            {
                if (device is { Kind: OutcomeKind.Busy, RetryAfter: { } pause }) NoteBusy(channel, device.Service, user, pause);
                NoteOne(channel, device.Service, user, template, ChannelSign.Of(device), device.Reason, device.OnTrial);
            }

            if (outcome.OnTrial && channels.StateOf(channel).Circuit is not null)
                NoteOne(channel, null, user, template, ChannelSign.Of(outcome), outcome.Reason, onTrial: true);
            return;
        }

        if (channel == Channel.Telegram && outcome is { Kind: OutcomeKind.Busy, RetryAfter: { } wait, NewChatId: null }) NoteBusy(channel, null, user, wait);
        NoteOne(channel, null, RecipientOf(channel, user, outcome), template, ChannelSign.Of(outcome), outcome.Reason, outcome.OnTrial);
    }

    /// <summary>Who may be at fault for a failure: with mail the whole domain, for one server answers for all of it.</summary>
    private static string RecipientOf(Channel channel, string user, Outcome outcome) =>
        channel == Channel.Email && outcome.Address is { } address ? address[(address.LastIndexOf('@') + 1)..].ToUpperInvariant() : user;

    private void NoteOne(Channel channel, string? service, string recipient, string template, ChannelSign sign, string reason, bool onTrial)
    {
        if (onTrial)
        {
            if (!sign.IsUntried) channels.EndTrial(channel, service, failed: !sign.Works, reason);
            return;
        }

        lock (_gate)
        {
            var run = _runs.GetValueOrDefault((channel, service), FailureRun.None).Then(sign, recipient, template, clock.Now);
            var opens = run.IsTooLong || sign.Kind == OutcomeKind.ChannelFault;
            if (opens || run == FailureRun.None) _runs.Remove((channel, service));
            else _runs[(channel, service)] = run;
            if (_runs.Count > MostRuns) _runs.RemoveAt(0);
            if (!opens) return;
        }

        channels.Open(channel, service, reason);
    }

    private void NoteBusy(Channel channel, string? service, string user, TimeSpan wait)
    {
        DateTimeOffset? until;
        lock (_gate) until = _busy.Note((channel, service), user, wait, clock.Now);
        if (until is { } end) channels.Pause(channel, service, end);
    }
}
