using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using OrleansNotify.Metrics;
using OrleansNotify.Storage;
using OrleansNotify.Users;

namespace OrleansNotify.RateLimiting;

/// <summary>
/// Gives the turns of one channel: as permits come free it reads the heads of the lanes, transactional first, and asks the users, side by
/// side, to begin. What begins leaves the lane with its own commit, so nothing is popped and lost. Holds nothing that is not in the store.
/// </summary>
[Reentrant]
internal sealed partial class RateLimiterGrain(
    LaneStore lanes, PermitStore permits, NotifyOptions options, StoreClock storeClock, TimeProvider clock, NotifyMetrics metrics,
    ILogger<RateLimiterGrain> log) : Grain, IRateLimiterGrain
{
    private const int AtATime = 64;

    /// <summary>How soon silos without room are asked again, and users that did not answer.</summary>
    private static readonly TimeSpan RoomAgain = TimeSpan.FromMilliseconds(50), Patience = TimeSpan.FromSeconds(5);

    /// <summary>Heads that are being asked (null), or were asked and did not answer (when).</summary>
    private readonly Dictionary<MessageKey, long?> _asked = [];
    private IGrainTimer? _again;
    private bool _giving, _poked;

    private Channel Channel { get; set; }

    private RateLimit? Limit => options.LimitOf(Channel);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Channel = Enum.GetValues<Channel>().First(channel => Keys.Name(channel) == this.GetPrimaryKeyString());
        _again = this.RegisterGrainTimer(
            _ => GiveTurns(), new GrainTimerCreationOptions { DueTime = Timeout.InfiniteTimeSpan, Period = Timeout.InfiniteTimeSpan, Interleave = true });
        return Task.CompletedTask;
    }

    public Task Poke()
    {
        Again(TimeSpan.Zero);
        return Task.CompletedTask;
    }

    public async Task<ChannelStatus> Look()
    {
        var transactional = await Measure(Priority.Transactional);
        var campaign = await Measure(Priority.Campaign);
        if (transactional + campaign > 0) Again(TimeSpan.Zero);
        return new ChannelStatus { TransactionalWaiting = transactional > 0, CampaignWaiting = campaign > 0 };
    }

    private void Again(TimeSpan wait) => _again!.Change(wait, Timeout.InfiniteTimeSpan);

    private async Task<long> Measure(Priority priority)
    {
        var (depth, oldest) = await lanes.Measure(Channel, priority);
        metrics.LaneDepth(Channel, priority, depth, oldest);
        return depth;
    }

    private async Task GiveTurns()
    {
        _poked = true;
        if (_giving) return;
        _giving = true;
        try
        {
            while (_poked)
            {
                _poked = false;
                while (await GiveSome())
                {
                }
            }
        }
        catch (StoreFault fault)
        {
            LogStore(Channel, fault.Message);
        }
        finally
        {
            _giving = false;
        }
    }

    /// <summary>One round; true if another may find more to do at once.</summary>
    private async Task<bool> GiveSome()
    {
        var priority = Priority.Transactional;
        var heads = await Heads(priority);
        if (heads.Count == 0) heads = await Heads(priority = Priority.Campaign);
        if (heads.Count == 0) return false;
        if (Limit is not { } limit) return await GiveRoom(heads, priority);

        var grant = await permits.Take(Channel, limit, priority, heads.Count);
        for (var permit = 0; permit < grant.Permits; permit++) _ = Use(heads, priority, grant.GoodUntil);
        if (grant.AskAgain == TimeSpan.Zero) return true;
        Again(grant.AskAgain);
        return false;
    }

    private async Task<bool> GiveRoom(Queue<MessageKey> heads, Priority priority)
    {
        var answers = await Task.WhenAll(heads.Select(head => Ask(head, priority, null, Patience)));
        if (!answers.Contains(TurnResult.NoRoom)) return true;
        Again(RoomAgain);
        return false;
    }

    /// <summary>Gives a permit to the first that takes it, and waits for none beyond the permit's time.</summary>
    private async Task Use(Queue<MessageKey> heads, Priority priority, DateTimeOffset goodUntil)
    {
        while (heads.TryDequeue(out var head) && goodUntil - storeClock.Now is var left && left > TimeSpan.Zero)
        {
            if (await Ask(head, priority, goodUntil, left) == TurnResult.Begun) return;
        }
    }

    private async Task<Queue<MessageKey>> Heads(Priority priority)
    {
        foreach (var (key, _) in _asked.Where(asked => asked.Value is { } at && clock.GetElapsedTime(at) > Patience).ToList()) _asked.Remove(key);
        var heads = await lanes.Head(Channel, priority, AtATime + _asked.Count);
        return new Queue<MessageKey>(heads.Where(head => !_asked.ContainsKey(head)).Take(AtATime));
    }

    private async Task<TurnResult?> Ask(MessageKey head, Priority priority, DateTimeOffset? goodUntil, TimeSpan patience)
    {
        _asked[head] = null;
        try
        {
            var user = GrainFactory.GetGrain<IUserDelivery>(head.User);
            var answer = await user.TakeTurn(head.Message, Channel, priority, goodUntil).WaitAsync(patience, clock);
            _asked.Remove(head);
            return answer;
        }
        catch (Exception fault)
        {
            // The lane goes on past a user that does not answer.
            _asked[head] = clock.GetTimestamp();
            LogSilent(Channel, fault.Message);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The lanes of {Channel} cannot be read and are read again: {Fault}")]
    private partial void LogStore(Channel channel, string fault);

    [LoggerMessage(LogLevel.Warning, "A user did not take the turn on {Channel} that it was given: {Fault}")]
    private partial void LogSilent(Channel channel, string fault);
}
