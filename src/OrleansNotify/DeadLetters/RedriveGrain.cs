using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OrleansNotify.Agenda;
using OrleansNotify.Storage;
using OrleansNotify.Users;

namespace OrleansNotify.DeadLetters;

/// <summary>
/// A job that redrives letters, newest first, a batch after another. Whatever becomes of the silo, its entry on the agenda brings it back to
/// where it was; a letter that it has been to is gone by then, and so is not sent twice.
/// </summary>
[GrainType("redrive")]
internal sealed partial class RedriveGrain(
    [PersistentState("redrive", SiloContext.StorageName)] IPersistentState<RedriveState> state,
    LetterStore letters, AgendaStore agenda, StoreClock storeClock, TimeProvider clock, ILogger<RedriveGrain> log) : Grain, IRedriveGrain
{
    /// <summary>Whose the agenda's entries of these jobs are: nobody's, for no user's id has a space.</summary>
    public const string AgendaOwner = " redrives";

    private const int AtATime = 100, SideBySide = 32;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private IGrainTimer? _next;
    private bool _isAtWork;

    private Guid Id => this.GetPrimaryKey();

    private MessageKey Entry => new(AgendaOwner, Id);

    private RedriveState State => state.State;

    private DeadLetterFilter Filter => State.Filter.Until(State.StartedAt);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _next = this.RegisterGrainTimer(
            GoOn, new GrainTimerCreationOptions { DueTime = Timeout.InfiniteTimeSpan, Period = Timeout.InfiniteTimeSpan, Interleave = true });
        return Task.CompletedTask;
    }

    public async Task<RedriveView> Start(DeadLetterFilter filter, string by)
    {
        try
        {
            var now = storeClock.Now;
            var total = await letters.Count(filter.Until(now));
            // The entry first: one without a job is taken away, a job without an entry would be forgotten.
            await agenda.PutAhead(Entry);
            await Write(new RedriveState { Filter = filter, StartedAt = now, By = by, Total = total });
            LogStarted(Id, total, filter, by);
            BeginWork();
            return View(total);
        }
        catch (StoreFault fault)
        {
            throw Unavailable(fault);
        }
    }

    public async Task Wake()
    {
        if (!state.RecordExists || State.IsDone) await agenda.Remove(Entry);
        else if (!_isAtWork) BeginWork();
    }

    public async Task<RedriveView?> Get()
    {
        if (!state.RecordExists) return null;
        try
        {
            return View(await letters.Count(Filter));
        }
        catch (StoreFault fault)
        {
            throw Unavailable(fault);
        }
    }

    private RedriveView View(long remaining) => new()
    {
        RedriveId = Id,
        Status = State.IsDone ? RedriveStatus.Done : RedriveStatus.Running,
        Total = State.Total,
        Remaining = remaining,
        StartedAt = State.StartedAt,
        By = State.By,
    };

    private void BeginWork()
    {
        _isAtWork = true;
        _next!.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private async Task GoOn(CancellationToken cancellation)
    {
        try
        {
            var batch = await letters.Page(Filter, State.Cursor is { } cursor ? LetterPlace.Parse(cursor) : null, AtATime);
            var hasLeft = await Redrive(batch, cancellation);
            await Write(State.After(batch.IsEmpty ? null : batch[^1], hasLeft));
            if (State.IsDone) await agenda.Remove(Entry);
            else await agenda.PutAhead(Entry);
            // At the end of a pass that has left letters it is the agenda that begins the next one.
            if (State.Cursor is not null) BeginWork();
            else _isAtWork = false;
            if (State.IsDone) LogDone(Id, State.Total);
        }
        catch (Exception fault)
        {
            // What is known here may not be what is stored: the agenda brings the job back with what is.
            LogFault(Id, fault);
            DeactivateOnIdle();
        }
    }

    private async Task<bool> Redrive(ImmutableArray<LetterPlace> batch, CancellationToken cancellation)
    {
        var hasLeft = false;
        await Parallel.ForEachAsync(
            batch.Select(place => LetterKey.Parse(place.Member)).GroupBy(letter => letter.User),
            new ParallelOptions { MaxDegreeOfParallelism = SideBySide, TaskScheduler = TaskScheduler.Current, CancellationToken = cancellation },
            async (user, _) =>
            {
                foreach (var letter in user)
                    if (!await Redrive(letter)) hasLeft = true;
            });
        return hasLeft;
    }

    private async Task<bool> Redrive(LetterKey letter)
    {
        try
        {
            var user = GrainFactory.GetGrain<IUserDelivery>(letter.User);
            return await user.Redrive(letter.Field, State.By, bulk: true).WaitAsync(Patience, clock) != RedriveResult.OutboxFull;
        }
        catch (Exception fault)
        {
            LogLeft(Id, letter.Field, fault);
            return false;
        }
    }

    private Task Write(RedriveState changed)
    {
        state.State = changed;
        return StoreFault.Guard(() => state.WriteStateAsync());
    }

    private StoreUnavailableException Unavailable(StoreFault fault)
    {
        LogFault(Id, fault);
        DeactivateOnIdle();
        return new StoreUnavailableException();
    }

    [LoggerMessage(LogLevel.Information, "Redrive {Redrive} of {Total} dead letters, {Filter}, was started by {By}")]
    private partial void LogStarted(Guid redrive, long total, DeadLetterFilter filter, string by);

    [LoggerMessage(LogLevel.Information, "Redrive {Redrive} of {Total} dead letters is done")]
    private partial void LogDone(Guid redrive, long total);

    [LoggerMessage(LogLevel.Warning, "Redrive {Redrive} cannot go on and does so within 30 s")]
    private partial void LogFault(Guid redrive, Exception fault);

    [LoggerMessage(LogLevel.Warning, "Redrive {Redrive} comes back to letter {Letter}, whose user did not answer")]
    private partial void LogLeft(Guid redrive, string letter, Exception fault);
}
