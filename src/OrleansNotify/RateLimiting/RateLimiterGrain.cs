using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using OrleansNotify.Delivery;
using OrleansNotify.Metrics;
using OrleansNotify.Storage;
using OrleansNotify.Users;

namespace OrleansNotify.RateLimiting;

/// <summary>
/// Gives the turns of one channel: as permits come free it reads the heads of the lanes, transactional first, and asks the users, side by
/// side, to begin. What begins leaves the lane with its own commit, so nothing is popped and lost.
/// </summary>
[Reentrant, GrainType("channel")]
internal sealed partial class RateLimiterGrain(
    [PersistentState("channel", SiloContext.StorageName)] IPersistentState<ChannelState> state,
    LaneStore lanes, PermitStore permits, RunningSends sends, NotifyOptions options, StoreClock storeClock, TimeProvider clock, NotifyMetrics metrics,
    ILogger<RateLimiterGrain> log) : Grain, IRateLimiterGrain, IDisposable
{
    private const int AtATime = 64;

    /// <summary>How soon silos without room are asked again, and users that did not answer.</summary>
    private static readonly TimeSpan RoomAgain = TimeSpan.FromMilliseconds(50), Patience = TimeSpan.FromSeconds(5);

    /// <summary>Heads that are being asked (null), or were asked and did not answer (when).</summary>
    private readonly Dictionary<MessageKey, long?> _asked = [];
    private readonly LastSent _sent = new();
    private IGrainTimer? _again;

    /// <summary>When the next round is due, by the monotonic clock; null while none is.</summary>
    private TimeSpan? _due;

    private Channel Channel { get; set; }

    private RateLimit? Limit => options.LimitOf(Channel);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Channel = Enum.GetValues<Channel>().First(channel => Keys.Name(channel) == this.GetPrimaryKeyString());
        _again = this.RegisterGrainTimer(
            _ => GiveTurns(), new GrainTimerCreationOptions { DueTime = Timeout.InfiniteTimeSpan, Period = Timeout.InfiniteTimeSpan, Interleave = true });
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        metrics.Forget(Channel);
        return Task.CompletedTask;
    }

    public Task Poke()
    {
        Again(TimeSpan.Zero);
        return Task.CompletedTask;
    }

    public async Task<ChannelStatus> Look(ImmutableArray<SentTo> sent)
    {
        _sent.Note(sent);
        try
        {
            var transactional = await Measure(Priority.Transactional);
            var campaign = await Measure(Priority.Campaign);
            if (transactional + campaign > 0) Again(TimeSpan.Zero);
            return new ChannelStatus { TransactionalWaiting = transactional > 0, CampaignWaiting = campaign > 0, State = State, Sent = _sent.Known };
        }
        catch (StoreFault fault)
        {
            // Other silos ask, and know this exception.
            LogStore(Channel, fault);
            throw new StoreUnavailableException();
        }
    }

    // Never later than was asked for before: what is put into a lane during a round must not wait for what that round waits for at its end.
    private void Again(TimeSpan wait)
    {
        var due = clock.GetElapsedTime(0) + wait;
        if (_due <= due) return;
        _due = due;
        _again!.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private async Task<long> Measure(Priority priority)
    {
        var (depth, oldest) = await lanes.Measure(Channel, priority);
        metrics.LaneDepth(Channel, priority, depth, oldest);
        return depth;
    }

    private async Task GiveTurns()
    {
        _due = null;
        try
        {
            while (await GiveSome())
            {
            }
        }
        catch (StoreFault fault)
        {
            LogStore(Channel, fault);
        }
    }

    /// <summary>One round; true if another may find more to do at once.</summary>
    private async Task<bool> GiveSome()
    {
        if (await IsShut()) return false;
        var priority = Priority.Transactional;
        var heads = await Heads(priority);
        if (heads.Count == 0) heads = await Heads(priority = Priority.Campaign);
        if (heads.Count == 0) return false;

        var tries = State.Circuit is not null;
        Grant grant = new(tries ? 1 : heads.Count, null, TimeSpan.Zero);
        if (Limit is { } limit) grant = await permits.Take(Channel, limit, priority, grant.Permits);
        if (grant.Permits == 0) return AskAgain(grant.AskAgain);
        if (tries) return await Try(heads, priority, grant);
        if (grant.GoodUntil is null) return GiveRoom(heads, priority);
        for (var permit = 0; permit < grant.Permits; permit++) _ = Use(heads, priority, grant.GoodUntil);
        return AskAgain(grant.AskAgain);
    }

    private bool AskAgain(TimeSpan wait)
    {
        if (wait == TimeSpan.Zero) return true;
        Again(wait);
        return false;
    }

    // Waits for nobody: whoever answers has the lanes looked at again, and one that does not holds up no other.
    private bool GiveRoom(Queue<MessageKey> heads, Priority priority)
    {
        foreach (var head in heads) _ = AskForRoom(head, priority);
        return false;
    }

    private async Task AskForRoom(MessageKey head, Priority priority)
    {
        var answer = await Ask(head, priority, new TurnOffer(null, false), Patience);
        Again(answer == TurnResult.NoRoom ? RoomAgain : TimeSpan.Zero);
    }

    /// <summary>Gives a permit to the first that takes it, and waits for none beyond the permit's time.</summary>
    private async Task<MessageKey?> Use(Queue<MessageKey> heads, Priority priority, DateTimeOffset? goodUntil, bool onTrial = false)
    {
        var patience = goodUntil is null ? Patience : Limit!.PermitLife;
        while (heads.TryDequeue(out var head))
        {
            var answer = await Ask(head, priority, new TurnOffer(goodUntil, onTrial), patience);
            if (answer != TurnResult.NotWaiting) return answer == TurnResult.Begun ? head : null;
        }

        return null;
    }

    private async Task<Queue<MessageKey>> Heads(Priority priority)
    {
        foreach (var (key, _) in _asked.Where(asked => asked.Value is { } at && clock.GetElapsedTime(at) > Patience).ToList()) _asked.Remove(key);
        var heads = await lanes.Head(Channel, priority, AtATime + _asked.Count);
        return new Queue<MessageKey>(heads.Where(head => !_asked.ContainsKey(head)).Take(AtATime - _asked.Values.Count(since => since is null)));
    }

    private async Task<TurnResult?> Ask(MessageKey head, Priority priority, TurnOffer turn, TimeSpan patience)
    {
        _asked[head] = null;
        var asking = GrainFactory.GetGrain<IUserDelivery>(head.User).TakeTurn(head.Message, Channel, priority, turn);
        try
        {
            var answer = await asking.WaitAsync(patience, clock);
            _asked.Remove(head);
            return answer;
        }
        catch (Exception fault)
        {
            // The lane goes on past a user that does not answer.
            _asked[head] = clock.GetTimestamp();
            _ = AskAgainWhenAnswered(head, asking);
            LogSilent(Channel, fault);
            return null;
        }
    }

    /// <summary>A user that was only slow, for its silo was busy, is not passed over for longer than that.</summary>
    private async Task AskAgainWhenAnswered(MessageKey head, Task asking)
    {
        await asking.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        if (!asking.IsCompletedSuccessfully) return;
        _asked.Remove(head);
        Again(TimeSpan.Zero);
    }

    [LoggerMessage(LogLevel.Warning, "The lanes of {Channel} cannot be read and are read again")]
    private partial void LogStore(Channel channel, Exception fault);

    [LoggerMessage(LogLevel.Warning, "A user did not take the turn on {Channel} that it was given")]
    private partial void LogSilent(Channel channel, Exception fault);
}
