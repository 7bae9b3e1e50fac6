using Microsoft.Extensions.Logging;
using OrleansNotify.Storage;
using OrleansNotify.Users;

namespace OrleansNotify.RateLimiting;

/// <summary>What this silo knows of each channel: what it saw when it last looked, and what it has seen or done itself since.</summary>
internal sealed partial class ChannelWatch(
    IGrainFactory grains, NotifyOptions options, StoreClock storeClock, TimeProvider clock, ILogger<ChannelWatch> log)
{
    private const int UnderWay = 1, Asked = 2;

    private static readonly Channel[] All = Enum.GetValues<Channel>();
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly ChannelStatus?[] _seen = new ChannelStatus?[All.Length];

    /// <summary>Of each channel: for whom this silo, and others, last sent something.</summary>
    private readonly LastSent[] _sent = [.. All.Select(_ => new LastSent())];

    /// <summary>Of each channel: how often this silo told its grain what stands in the way, and how often that is unanswered yet.</summary>
    private readonly (int Told, int Unanswered)[] _statements = new (int, int)[All.Length];

    /// <summary>Of each channel: whether a poke is under way, and whether one was asked for since it began; 0 for neither.</summary>
    private readonly int[] _poking = new int[All.Length];

    /// <summary>What stands in a channel's way.</summary>
    public ChannelState StateOf(Channel channel) => _seen[(int)channel]?.State ?? ChannelState.Clear;

    /// <summary>How a channel stands for a message to these addresses.</summary>
    public ChannelView ViewOf(Channel channel, Addresses to, Func<string, DateTimeOffset?> pausedUntil, bool urgent) =>
        ChannelView.Of(StateOf(channel), channel, to, pausedUntil, urgent, storeClock.Now);

    /// <summary>A provider has taken something for a person.</summary>
    public void Sent(Channel channel, string user) => _sent[(int)channel].Note(user, storeClock.Now);

    /// <summary>Whether, as far as this silo has heard, something was sent over a channel to somebody else since a time, by any silo.</summary>
    public bool SentToOthersSince(string user, Channel channel, DateTimeOffset since) => _sent[(int)channel].ToOthersSince(user, since);

    /// <summary>
    /// Whether a message may begin without waiting in the lane: the channel has no limit, nothing stands in its way, and nothing was waiting
    /// that goes before it.
    /// </summary>
    public bool IsFree(Channel channel, Priority priority) =>
        options.LimitOf(channel) is null
        && _seen[(int)channel] is { State.Circuit: null, TransactionalWaiting: false } seen
        && !seen.State.IsPaused(storeClock.Now)
        && (priority == Priority.Transactional || !seen.CampaignWaiting);

    /// <summary>
    /// Tells the channel's grain that something is in its lane; at most one call at a time, for one that begins after all of them is enough.
    /// </summary>
    public void Poke(Channel channel)
    {
        Update(channel, seen => seen with { TransactionalWaiting = true, CampaignWaiting = true });
        if (Interlocked.Exchange(ref _poking[(int)channel], Asked) == 0) _ = SendPoke(channel);
    }

    /// <summary>Too many failures in a row, or a fault of ours: heeded here at once, and told to all.</summary>
    public void Open(Channel channel, string? service, string reason) =>
        Tell(channel, (state, now) => state.Open(service, reason, now), grain => grain.Open(service, reason));

    /// <summary>A provider asks to come later.</summary>
    public void Pause(Channel channel, string? service, DateTimeOffset until) =>
        Tell(channel, (state, now) => state.Pause(service, until, now), grain => grain.Pause(service, until));

    /// <summary>The message that tried an open circuit has an outcome.</summary>
    public void EndTrial(Channel channel, string? service, bool failed, string reason) =>
        Tell(channel, (state, now) => state.EndTrial(service, failed, reason, now), grain => grain.EndTrial(service, failed, reason));

    /// <summary>The message that was to try open circuits of the channel did not: its turn was over, or its silo is gone.</summary>
    public void Untried(Channel channel, Guid message) =>
        Tell(channel, (state, now) => state.Untried(message, now), grain => grain.Untried(message));

    /// <summary>Asks to be the message that tries a push service; no, where the grain does not answer.</summary>
    public async Task<bool> ClaimTrial(string service, Guid message, DateTimeOffset hardEnd)
    {
        try
        {
            return await GrainOf(Channel.Push).ClaimTrial(service, message, hardEnd).WaitAsync(Patience, clock);
        }
        catch (Exception fault)
        {
            LogUnseen(Channel.Push, fault);
            return false;
        }
    }

    /// <summary>Looks at every channel; that also revives a grain that was lost.</summary>
    public Task LookAll() => Task.WhenAll(All.Select(Look));

    private void Update(Channel channel, Func<ChannelStatus, ChannelStatus> change)
    {
        lock (_gate)
        {
            var seen = _seen[(int)channel] ?? new ChannelStatus { TransactionalWaiting = true, CampaignWaiting = true, State = ChannelState.Clear };
            _seen[(int)channel] = change(seen);
        }
    }

    private async Task Look(Channel channel)
    {
        (int Told, int Unanswered) before;
        lock (_gate) before = _statements[(int)channel];
        try
        {
            var status = await GrainOf(channel).Look(_sent[(int)channel].Known).WaitAsync(Patience, clock);
            _sent[(int)channel].Note(status.Sent);
            lock (_gate)
            {
                // The grain may have answered before it heard what it was told; until the next look this silo knows better then.
                var isOlder = before.Unanswered > 0 || before.Told != _statements[(int)channel].Told;
                _seen[(int)channel] = isOlder ? status with { State = _seen[(int)channel]!.State } : status;
            }
        }
        catch (Exception fault)
        {
            LogUnseen(channel, fault);
        }
    }

    /// <summary>
    /// Heeds here at once what the channel's grain is told. Should it be lost, the circuit is opened by the next failures, and a trial ends by
    /// its hard end.
    /// </summary>
    private void Tell(Channel channel, Func<ChannelState, DateTimeOffset, ChannelState> change, Func<IRateLimiterGrain, Task> what)
    {
        var now = storeClock.Now;
        lock (_gate)
        {
            Update(channel, seen => seen with { State = change(seen.State, now) });
            var (told, unanswered) = _statements[(int)channel];
            _statements[(int)channel] = (told + 1, unanswered + 1);
        }

        _ = Telling();

        async Task Telling()
        {
            await Told(channel, what);
            lock (_gate) _statements[(int)channel].Unanswered--;
        }
    }

    private async Task Told(Channel channel, Func<IRateLimiterGrain, Task> what)
    {
        try
        {
            await what(GrainOf(channel)).WaitAsync(Patience, clock);
        }
        catch (Exception fault)
        {
            LogUnseen(channel, fault);
        }
    }

    private async Task SendPoke(Channel channel)
    {
        do
        {
            Volatile.Write(ref _poking[(int)channel], UnderWay);
            await Told(channel, grain => grain.Poke());
        }
        while (Interlocked.CompareExchange(ref _poking[(int)channel], 0, UnderWay) != UnderWay);
    }

    private IRateLimiterGrain GrainOf(Channel channel) => grains.GetGrain<IRateLimiterGrain>(Keys.Name(channel));

    [LoggerMessage(LogLevel.Warning, "The grain of the {Channel} channel did not answer and is asked again in a second")]
    private partial void LogUnseen(Channel channel, Exception fault);
}
