using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OrleansNotify.Agenda;
using OrleansNotify.Metrics;
using OrleansNotify.Storage;
using OrleansNotify.Templates;

namespace OrleansNotify.Campaigns;

/// <summary>
/// One campaign. Its audience lies in storage; messages are made of it a batch at a time, as those before leave the lane. What the grain
/// knows is a copy: after a fault it reads the store again, and whoever was asked before is found so by the state that is stored.
/// </summary>
[GrainType("campaign")]
internal sealed partial class CampaignGrain(
    CampaignStore store, CampaignList list, RecipientOrder order, AgendaStore agenda, NotifyOptions options, TemplateCatalog templates, NotifyMetrics metrics, StoreClock storeClock, TimeProvider clock,
    ILogger<CampaignGrain> log) : Grain, ICampaignGrain, ICampaignWork
{
    /// <summary>Whose the agenda's entries of campaigns are: nobody's, for no user's id has a space.</summary>
    public const string AgendaOwner = " campaigns";

    private const int MostOnPage = 100;

    /// <summary>Recipients that were taken in and are not in a whole block yet.</summary>
    private readonly List<CampaignRecipient> _open = [];

    private readonly SettledRate _rate = new();
    private StoredCampaign? _stored;
    private IGrainTimer? _next;
    private CampaignView? _told;

    /// <summary>The upload under way. Nothing of it is stored before its first right line.</summary>
    private CampaignState? _uploading;
    private int _upload, _taken;
    private bool _isStored;

    private Guid Id => this.GetPrimaryKey();

    private MessageKey Entry => new(AgendaOwner, Id);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _next = this.RegisterGrainTimer(
            GoOn, new GrainTimerCreationOptions { DueTime = Timeout.InfiniteTimeSpan, Period = Timeout.InfiniteTimeSpan, KeepAlive = true });
        _stored = await Guard(store.Read(Id));
        // Whoever still uploads to another activation has another number.
        _upload = (int)(storeClock.Now.ToUnixTimeSeconds() % (1 << 30));
        if (options.StoreKeepsParts && _stored is { Status: not CampaignStatus.Uploading }) await Guard(store.CountAnew(Id));
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Tell(null);
        return Task.CompletedTask;
    }

    public async Task<CampaignUpload> Begin(CampaignSettings settings)
    {
        if (_stored is { Status: not CampaignStatus.Uploading, State: var whole }) return new CampaignUpload { Receipt = whole.Receipt(Id) };
        var errors = CampaignRules.Check(settings, templates, clock.GetUtcNow());
        if (errors.Count > 0) return new CampaignUpload { Errors = errors };
        _upload = Math.Max(_upload, _stored?.State.Upload ?? 0) + 1;
        // To the millisecond, as its entry in the list has it.
        var createdAt = DateTimeOffset.FromUnixTimeMilliseconds(storeClock.Now.ToUnixTimeMilliseconds());
        _uploading = new CampaignState { Settings = settings, Upload = _upload, CreatedAt = createdAt };
        (_isStored, _taken) = (false, 0);
        _open.Clear();
        return new CampaignUpload { Upload = _upload };
    }

    public async Task<bool> Add(int upload, ImmutableArray<CampaignRecipient> recipients, ImmutableArray<CampaignLineError> failed)
    {
        if (!IsCurrent(upload) || IsHopeless || recipients.Length > ICampaignGrain.MostInOneCall) return false;
        var now = clock.GetUtcNow();
        var settings = _uploading!.Settings;
        var problems = recipients.Select(recipient => CampaignRules.Check(recipient, settings, templates, now)).ToList();
        var valid = recipients.Where((_, i) => problems[i] is null).ToList();
        var isNew = valid.Count == 0 ? [] : await Enrol(valid);
        var wrong = recipients.Zip(problems).Where(each => each.Second is not null).Select(each => new CampaignLineError(each.First.Line, each.Second!))
            .Concat(valid.Where((_, i) => !isNew[i]).Select(recipient => new CampaignLineError(recipient.Line, CampaignRules.Duplicate)))
            .Concat(failed).OrderBy(error => error.Line);
        _uploading = _uploading.With(wrong);
        _open.AddRange(valid.Where((_, i) => isNew[i]));
        if (IsHopeless)
        {
            await Discard();
            return false;
        }

        while (_open.Count >= CampaignStore.BlockSize) await PutBlock();
        return true;
    }

    public async Task<CampaignReceipt?> Complete(int upload)
    {
        if (_stored is { Status: not CampaignStatus.Uploading, State: var whole } && whole.Upload == upload) return whole.Receipt(Id);
        if (!IsCurrent(upload)) return null;
        if (_taken + _open.Count == 0)
        {
            await Discard();
            return _uploading!.Failed == 0 ? null : _uploading.Receipt(Id);
        }

        while (_open.Count > 0) await PutBlock();
        var state = _uploading! with { Targeted = _taken };
        // The entry first: one without a campaign that runs is taken away, a campaign without an entry would be forgotten.
        await Guard(agenda.PutAhead(Entry));
        _stored = Mine(await Guard(store.Start(Id, _stored!, StatusOf(state), state)));
        LogStarted(Id, state.Settings.Name, state.Targeted);
        Again(TimeSpan.Zero);
        return state.Receipt(Id);
    }

    public async Task Abandon(int upload)
    {
        if (!IsCurrent(upload)) return;
        await Discard();
        _uploading = null;
    }

    public async Task<CampaignView?> Get() => _stored is null ? null : await View();

    public async Task<Page<CampaignRecipientView>?> Recipients(CampaignRecipientState? state, string? cursor, int limit)
    {
        RecipientEntry? after = cursor is null ? null : RecipientEntry.OfCursor(cursor) ?? throw new ArgumentException("cursor: Must be the cursor of a page.");
        if (_stored is null) return null;
        var end = _stored.State.EndOf(_stored.Status, clock.GetUtcNow());
        var words = state is { } one ? RecipientState.WordsOf(one, end) : null;
        var most = Math.Clamp(limit, 1, MostOnPage);
        var entries = await Guard(order.Page(Id, words, after, most + 1));
        return new Page<CampaignRecipientView>
        {
            Items = [.. entries.Take(most).Select(entry => entry.View(Id, end))],
            NextCursor = entries.Length > most ? entries[most - 1].ToCursor() : null,
        };
    }

    public Task<CampaignView?> Pause() => Turn(CampaignStatus.Paused, from: [CampaignStatus.Running, CampaignStatus.Scheduled]);

    public async Task<CampaignView?> Resume() => _stored is null ? null : await Turn(StatusOf(_stored.State), from: [CampaignStatus.Paused]);

    public async Task<CampaignView?> Cancel()
    {
        // An audience that was not whole counts for nothing.
        if (_stored is { Status: CampaignStatus.Uploading, State: var state })
        {
            _stored = Mine(await Guard(store.WriteEmpty(Id, _stored, CampaignStatus.Cancelled, state)));
            Again(TimeSpan.Zero);
        }

        return await Turn(CampaignStatus.Cancelled, from: [CampaignStatus.Scheduled, CampaignStatus.Running, CampaignStatus.Paused]);
    }

    public Task Wake()
    {
        Again(TimeSpan.Zero);
        return Task.CompletedTask;
    }

    private CampaignStatus StatusOf(CampaignState state) =>
        state.UntilStart(clock.GetUtcNow()) > TimeSpan.Zero ? CampaignStatus.Scheduled : CampaignStatus.Running;

    // An upload that another activation has begun lacks what that one had not stored yet.
    private bool IsCurrent(int upload) => _uploading?.Upload == upload && _stored is null or { Status: CampaignStatus.Uploading };

    private bool IsHopeless => CampaignRules.IsHopeless(_uploading!.Failed, _taken + _open.Count);

    /// <summary>Tells of each recipient whether it is new in the audience.</summary>
    private async Task<bool[]> Enrol(List<CampaignRecipient> recipients)
    {
        if (!_isStored)
        {
            await Guard(list.Add(new CampaignEntry(_uploading!.CreatedAt!.Value, Id)));
            _stored = Mine(await Guard(store.WriteEmpty(Id, _stored, CampaignStatus.Uploading, _uploading)));
            _isStored = true;
        }

        return Mine(await Guard(store.Enrol(Id, _stored!, recipients.Select(recipient => recipient.UserId))));
    }

    /// <summary>Forgets what is stored of this upload, or of one before it.</summary>
    private async Task Discard()
    {
        if (_stored is not null) Demand(await Guard(store.Discard(Id, _stored)));
        (_stored, _isStored, _taken) = (null, false, 0);
        _open.Clear();
    }

    private async Task PutBlock()
    {
        var block = _open.Take(CampaignStore.BlockSize).ToArray();
        _stored = Mine(await Guard(store.PutBlock(Id, _stored! with { State = _uploading! }, _taken / CampaignStore.BlockSize, block)));
        _open.RemoveRange(0, block.Length);
        _taken += block.Length;
    }

    private async Task<CampaignView?> Turn(CampaignStatus to, CampaignStatus[] from)
    {
        if (_stored is null) return null;
        if (from.Contains(_stored.Status))
        {
            // The entry first: whatever dies after the change, somebody comes back and does what follows.
            await Guard(agenda.PutAhead(Entry));
            await Change(to, _stored.State);
            LogTurned(Id, _stored.State.Settings.Name, to);
            Again(TimeSpan.Zero);
        }

        return await View();
    }

    private async Task<CampaignView> View()
    {
        var counts = await Guard(store.Counts(Id));
        return CampaignProgress.Of(
            Id, _stored!.State, _stored.Status, counts, _rate.At(CampaignProgress.SettledOf(counts), storeClock.Now), clock.GetUtcNow());
    }

    private void Tell(CampaignView? view)
    {
        metrics.Campaign(_told, view);
        _told = view;
    }

    /// <summary>Changes the campaign; memory takes it when it is stored.</summary>
    private async Task Change(CampaignStatus status, CampaignState state) => _stored = Mine(await Guard(store.Write(Id, _stored, status, state)));

    private T Mine<T>(T? changed) where T : class
    {
        Demand(changed is not null);
        return changed!;
    }

    private void Demand(bool isMine)
    {
        if (isMine) return;
        // Another activation was quicker: what is known here is old.
        DeactivateOnIdle();
        throw new StoreUnavailableException();
    }

    private async Task Guard(Task call)
    {
        try
        {
            await call;
        }
        catch (StoreFault fault)
        {
            // What the store holds now is not known: the next activation reads it.
            LogStore(Id, fault);
            DeactivateOnIdle();
            throw new StoreUnavailableException();
        }
    }

    private async Task<T> Guard<T>(Task<T> call)
    {
        await Guard((Task)call);
        return await call;
    }

    [LoggerMessage(LogLevel.Information, "Campaign {Campaign} ({Name}) has its audience of {Targeted}")]
    private partial void LogStarted(Guid campaign, string name, int targeted);

    [LoggerMessage(LogLevel.Information, "Campaign {Campaign} ({Name}) is {Status}")]
    private partial void LogTurned(Guid campaign, string name, CampaignStatus status);

    [LoggerMessage(LogLevel.Warning, "Campaign {Campaign} goes on from what is stored")]
    private partial void LogStore(Guid campaign, Exception fault);
}
