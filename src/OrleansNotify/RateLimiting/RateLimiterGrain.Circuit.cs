using Microsoft.Extensions.Logging;
using OrleansNotify.Delivery;
using OrleansNotify.Storage;
using OrleansNotify.Users;

namespace OrleansNotify.RateLimiting;

// What stands in the channel's way, and what is done while it does.
internal sealed partial class RateLimiterGrain
{
    private const int FreedAtATime = 256;

    /// <summary>Up to where in the lane messages were asked to take another channel: urgent ones, and others.</summary>
    private double? _freedUrgent, _freedOthers;

    private readonly SemaphoreSlim _writing = new(1);

    private ChannelState State => state.State;

    public void Dispose() => _writing.Dispose();

    public Task Open(string? service, string reason) => Change((now, before) =>
    {
        if (service is null && before.Circuit is null) (_freedUrgent, _freedOthers) = (null, null);
        LogOpened(Channel, service ?? "all", reason);
        return before.Open(service, reason, now);
    });

    public Task Pause(string? service, DateTimeOffset until) => Change((now, before) => before.Pause(service, until, now));

    public async Task Lift(string by)
    {
        await Change((_, before) => before.Lift());
        LogLifted(Channel, by);
    }

    public async Task EndTrial(string? service, bool failed, string reason)
    {
        await Change((now, before) => before.EndTrial(service, failed, reason, now));
        if (failed) return;
        LogClosed(Channel, service ?? "all");
        foreach (var other in Enum.GetValues<Channel>().Where(other => other != Channel))
            GrainFactory.GetGrain<IRateLimiterGrain>(Keys.Name(other)).OtherIsBack().Ignore();
    }

    public Task Untried(Guid message) => Change((now, before) => before.Untried(message, now));

    public async Task<bool> ClaimTrial(string service, Guid message, DateTimeOffset hardEnd)
    {
        var claimed = false;
        await Change((now, before) =>
        {
            var circuit = before.Of(service)?.Circuit;
            if (circuit?.IsTrialLost(now) == true) return before.EndTrial(service, failed: true, "no_answer", now);
            claimed = circuit?.IsOnTrial(now) == true;
            return claimed ? before.Try(service, circuit!, new Trial(message, hardEnd), now) : before;
        });
        return claimed;
    }

    public Task OtherIsBack()
    {
        (_freedUrgent, _freedOthers) = (null, null);
        return Poke();
    }

    /// <summary>Whether the channel gives no turns now; then it says when to look again, and frees those that have another channel.</summary>
    private async Task<bool> IsShut()
    {
        if (State.Circuit?.IsTrialLost(storeClock.Now) == true) await EndTrial(null, failed: true, "no_answer");
        var now = storeClock.Now;
        if (!State.IsShut(now)) return false;
        if (State.Circuit is { } circuit && !circuit.IsOnTrial(now)) await Free(circuit, now);
        Again(TimeSpan.FromTicks(Math.Clamp((State.Whole.ObstacleAt(now)!.Until - now).Ticks, 0, Patience.Ticks)));
        return true;
    }

    private async Task<bool> Try(Queue<MessageKey> heads, Priority priority, Grant grant)
    {
        var tried = State.Circuit!;
        if (await Use(heads, priority, grant.GoodUntil, onTrial: true) is not { } trial) return AskAgain(RoomAgain);
        await Change((now, before) => before.Try(null, tried, new Trial(trial.Message, now + sends.SenderOf(Channel).HardEnd), now));
        return true;
    }

    /// <summary>Asks the transactional messages that pass this channel over to take their other one: each once, as far as they are in the lane.</summary>
    private async Task Free(Circuit circuit, DateTimeOffset now)
    {
        var ordinary = LaneOrder.ScoreOf(now.AddDays(1), urgent: true);
        _freedUrgent = await Free(_freedUrgent ?? double.NegativeInfinity, ordinary);
        if (circuit.IsPassedOver(urgent: false, now)) _freedOthers = await Free(_freedOthers ?? ordinary, double.PositiveInfinity);
    }

    /// <summary>Asks all between two places, and answers from where on the next to be asked are: behind the first that did not answer.</summary>
    private async Task<double> Free(double from, double to)
    {
        double? missed = null;
        while (true)
        {
            var (waiting, last) = await lanes.Between(Channel, Priority.Transactional, from, to, FreedAtATime);
            if (waiting.Length == 0) return missed ?? from;
            var answered = await Task.WhenAll(waiting.Select(TakeOther));
            if (answered.Contains(false)) missed ??= from;
            from = last;
        }
    }

    private async Task<bool> TakeOther(MessageKey waiting)
    {
        try
        {
            await GrainFactory.GetGrain<IUserDelivery>(waiting.User).TakeOther(waiting.Message, Channel).WaitAsync(Patience, clock);
            return true;
        }
        catch (Exception fault)
        {
            LogSilent(Channel, fault);
            return false;
        }
    }

    /// <summary>Changes what stands in the channel's way; memory takes it when it is stored. Never two writes at a time.</summary>
    private async Task Change(Func<DateTimeOffset, ChannelState, ChannelState> change)
    {
        await _writing.WaitAsync();
        var before = State;
        try
        {
            state.State = change(storeClock.Now, before);
            if (!ReferenceEquals(state.State, before)) await state.WriteStateAsync();
        }
        catch
        {
            // What the store holds now is not known: the next activation reads it.
            state.State = before;
            DeactivateOnIdle();
            throw;
        }
        finally
        {
            _writing.Release();
        }

        metrics.Circuit(Channel, State.Circuit is not null);
        Again(TimeSpan.Zero);
    }

    [LoggerMessage(LogLevel.Warning, "The circuit of {Channel} ({Service}) is open: {Reason}")]
    private partial void LogOpened(Channel channel, string service, string reason);

    [LoggerMessage(LogLevel.Information, "The pauses of {Channel} were lifted by {By}")]
    private partial void LogLifted(Channel channel, string by);

    [LoggerMessage(LogLevel.Information, "The circuit of {Channel} ({Service}) is closed again")]
    private partial void LogClosed(Channel channel, string service);
}
