using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OrleansNotify.Metrics;
using OrleansNotify.RateLimiting;
using OrleansNotify.Users;

namespace OrleansNotify.Delivery;

/// <summary>
/// This silo's sends that run, those whose outcome is not stored yet included. Entered before the begin's commit. It bounds them (room),
/// runs them outside any grain's turn, and drains them at a shutdown.
/// </summary>
internal sealed partial class RunningSends(
    IEnumerable<IChannelSender> senders, IGrainFactory grains, NotifyOptions options, TimeProvider clock,
    ChannelWatch channels, ChannelHealth health, PushAdmission admission, NotifyMetrics metrics, ILogger<RunningSends> log) : IDisposable
{
    private const string InternalError = "internal_error";

    private static readonly TimeSpan OfferAgain = TimeSpan.FromSeconds(1);

    private readonly ImmutableDictionary<Channel, IChannelSender> _senders = senders.ToImmutableDictionary(sender => sender.Channel);
    private readonly ConcurrentDictionary<(Guid Message, int Attempt), RunningSend> _table = new();
    private readonly int[] _running = new int[Enum.GetValues<Channel>().Length];
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private bool _closed;

    public IChannelSender SenderOf(Channel channel) => _senders[channel];

    /// <summary>Takes a place for an attempt; null where there is no room, or the silo is stopping.</summary>
    public RunningSend? TryEnter(string user, Guid message, int attempt, Channel channel, Priority priority)
    {
        var most = priority == Priority.Campaign ? options.Room * 3 / 4 : options.Room;
        RunningSend send = new(user, message, attempt, channel);
        lock (_gate)
        {
            if (_closed || _running[(int)channel] >= most) return null;
            _running[(int)channel]++;
            _table[(message, attempt)] = send;
        }

        metrics.Running(channel, 1);
        return send;
    }

    /// <summary>Gives a place back: the begin was not made, or the outcome is stored.</summary>
    public void Leave(RunningSend send)
    {
        lock (_gate)
        {
            _table.TryRemove(KeyValuePair.Create((send.Message, send.Attempt), send));
            _running[(int)send.Channel]--;
            if (_closed && _table.IsEmpty) _drained.TrySetResult();
        }

        metrics.Running(send.Channel, -1);
    }

    /// <summary>Whether this attempt is in the table, and whether its outcome is there.</summary>
    public (bool Held, bool HasOutcome) Look(Guid message, int attempt) =>
        _table.TryGetValue((message, attempt), out var send) ? (true, send.HasOutcome) : (false, false);

    /// <summary>Runs an attempt whose begin is stored.</summary>
    public void Start(RunningSend send, SendJob job) => _ = Task.Run(() => Run(send, job));

    /// <summary>Takes no new ones and waits for those that run.</summary>
    public async Task Drain(CancellationToken cancellation)
    {
        lock (_gate)
        {
            _closed = true;
            if (_table.IsEmpty) _drained.TrySetResult();
        }

        await _drained.Task.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stopping.CancelAsync();
    }

    public void Dispose() => _stopping.Dispose();

    private async Task Run(RunningSend send, SendJob job)
    {
        var sender = _senders[send.Channel];
        var began = clock.GetTimestamp();
        var outcome = await Send(sender, job, send.OnTrial);
        var duration = clock.GetElapsedTime(began);
        send.HasOutcome = true;
        try
        {
            Note(send, job, outcome, duration);
        }
        catch (Exception bug)
        {
            // Neither a count nor a circuit is worth a message that is held here for ever.
            LogBug(bug, send.Channel, send.Message);
        }

        await Offer(send, outcome, duration);
        Leave(send);
    }

    private void Note(RunningSend send, SendJob job, Outcome outcome, TimeSpan duration)
    {
        health.Note(send.Channel, send.User, job.Template.Manifest.Name, outcome);
        if (outcome.Kind == OutcomeKind.Sent) channels.Sent(send.Channel, send.User);
        if (outcome.Kind != OutcomeKind.Withdrawn) metrics.Attempted(send.Channel, outcome.Kind, outcome.Reason, duration, job.Template.Manifest);
    }

    private async Task<Outcome> Send(IChannelSender sender, SendJob job, bool onTrial)
    {
        using CancellationTokenSource hardEnd = new(sender.HardEnd, clock);
        try
        {
            if (sender.Channel != Channel.Push) return Tried(await sender.Send(job, hardEnd.Token), sender.Channel, job.MessageId, onTrial, []);
            var (admitted, tries, comeBack) = await admission.Admit(job, sender.HardEnd);
            if (admitted is null)
            {
                Outcome closed = new() { Kind = OutcomeKind.Withdrawn, Reason = Reasons.CircuitOpen, RetryAfter = comeBack };
                return Tried(closed, sender.Channel, job.MessageId, onTrial, tries);
            }

            return Tried(await sender.Send(admitted, hardEnd.Token), sender.Channel, job.MessageId, onTrial, tries);
        }
        catch (Exception bug)
        {
            // Whether anything was handed over is not known: a bug of ours must neither lose a message nor take the silo with it.
            LogBug(bug, sender.Channel, job.MessageId);
            if (onTrial) channels.EndTrial(sender.Channel, null, failed: true, InternalError);
            return new Outcome { Kind = OutcomeKind.Unknown, Reason = InternalError };
        }
    }

    /// <summary>The outcome with what it tried: the channel's circuit, or of push its services'. What it was to try and did not, another may.</summary>
    private Outcome Tried(Outcome outcome, Channel channel, Guid message, bool onTrial, ImmutableHashSet<string> tries)
    {
        if (!onTrial && tries.IsEmpty) return outcome;
        ImmutableArray<DeviceOutcome> devices = [.. outcome.Devices.Select(device => device with { OnTrial = tries.Contains(device.Service) })];
        var untried = tries.Except(devices.Where(device => !ChannelSign.Of(device).IsUntried).Select(device => device.Service));
        if (!untried.IsEmpty || (onTrial && ChannelSign.Of(outcome).IsUntried)) channels.Untried(channel, message);
        // A push that tried every service it went to says nothing of its message when it fails.
        return outcome with { Devices = devices, OnTrial = onTrial || (!devices.IsEmpty && devices.All(device => device.OnTrial)) };
    }

    // To the user's grain by its reference, never to the activation that began: that one may be gone. Again until it is stored.
    private async Task Offer(RunningSend send, Outcome outcome, TimeSpan duration)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await grains.GetGrain<IUserDelivery>(send.User).Settle(send.Message, send.Attempt, send.Channel, outcome, duration);
                return;
            }
            catch (Exception fault)
            {
                LogNotStored(fault, send.Message);
                await Task.Delay(OfferAgain, clock, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "The {Channel} sender failed on message {Message}; it is tried again")]
    private partial void LogBug(Exception bug, Channel channel, Guid message);

    [LoggerMessage(LogLevel.Warning, "The outcome of message {Message} is not stored yet and is offered again")]
    private partial void LogNotStored(Exception fault, Guid message);
}

/// <summary>One attempt in the table.</summary>
internal sealed class RunningSend(string user, Guid message, int attempt, Channel channel)
{
    private volatile bool _hasOutcome;

    public string User { get; } = user;
    public Guid Message { get; } = message;
    public int Attempt { get; } = attempt;
    public Channel Channel { get; } = channel;

    /// <summary>It tries the channel's open circuit.</summary>
    public bool OnTrial { get; set; }

    /// <summary>It is not the first on its channel.</summary>
    public bool IsRetry { get; set; }

    /// <summary>The provider has answered; the outcome is being stored.</summary>
    public bool HasOutcome
    {
        get => _hasOutcome;
        set => _hasOutcome = value;
    }
}
