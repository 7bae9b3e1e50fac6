using OrleansNotify.RateLimiting;
using OrleansNotify.Storage;

namespace OrleansNotify.Delivery;

/// <summary>Draws from this silo's outcomes what they say of channels and push services: which circuits open or close, which are paused.</summary>
internal sealed class ChannelHealth(ChannelWatch channels, StoreClock clock)
{
    /// <summary>So many chats that Telegram asks to wait, within so long, mean the whole channel.</summary>
    private const int ManyChats = 3;

    private static readonly TimeSpan Together = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<(Channel, string?), FailureRun> _runs = [];
    private readonly Dictionary<string, (DateTimeOffset At, DateTimeOffset Until)> _busyChats = [];

    /// <summary>Takes note of an attempt's outcome, before it is offered to its message.</summary>
    public void Note(Channel channel, string user, Outcome outcome)
    {
        if (channel == Channel.Push && !outcome.Devices.IsEmpty)
        {
            foreach (var device in outcome.Devices) NoteDevice(user, device);
            if (outcome.OnTrial && channels.StateOf(channel).Circuit is not null)
                NoteOne(channel, null, user, outcome.Kind, outcome.Reason, outcome.ConnectFailed, onTrial: true);
            return;
        }

        if (channel == Channel.Telegram && outcome is { Kind: OutcomeKind.Busy, RetryAfter: { } wait, NewChatId: null }) NoteBusyChat(user, wait);
        NoteOne(channel, null, user, outcome.Kind, outcome.Reason, outcome.ConnectFailed, outcome.OnTrial);
    }

    private void NoteDevice(string user, DeviceOutcome device)
    {
        if (device is { Kind: OutcomeKind.Busy, RetryAfter: { } wait }) channels.Pause(Channel.Push, device.Service, clock.Now + wait);
        NoteOne(Channel.Push, device.Service, user, device.Kind, device.Reason, device.ConnectFailed, device.OnTrial);
    }

    private void NoteOne(Channel channel, string? service, string user, OutcomeKind kind, string reason, bool connectFailed, bool onTrial)
    {
        if (onTrial)
        {
            if (kind != OutcomeKind.Withdrawn) channels.EndTrial(channel, service, Outcome.CountsAsFailure(kind), reason);
            return;
        }

        lock (_gate)
        {
            var run = _runs.GetValueOrDefault((channel, service), FailureRun.None).Then(user, kind, connectFailed);
            if (run.IsTooLong || run == FailureRun.None) _runs.Remove((channel, service));
            else _runs[(channel, service)] = run;
            if (!run.IsTooLong && kind != OutcomeKind.ChannelFault) return;
        }

        channels.Open(channel, service, reason);
    }

    private void NoteBusyChat(string user, TimeSpan wait)
    {
        var now = clock.Now;
        DateTimeOffset until;
        lock (_gate)
        {
            foreach (var (chat, busy) in _busyChats.ToList())
            {
                if (now - busy.At > Together) _busyChats.Remove(chat);
            }

            _busyChats[user] = (now, now + wait);
            if (_busyChats.Count < ManyChats) return;
            until = _busyChats.Values.Max(busy => busy.Until);
            _busyChats.Clear();
        }

        channels.Pause(Channel.Telegram, null, until);
    }
}
