using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OrleansNotify.Agenda;
using OrleansNotify.Storage;
using OrleansNotify.Templates;

namespace OrleansNotify.Campaigns;

/// <summary>
/// One campaign. Its audience lies in storage; messages are made of it a batch at a time, as those before leave the lane. What the grain
/// knows is a copy: after a fault it reads the store again, and whoever was asked before is found so by the state that is stored.
/// </summary>
[GrainType("campaign")]
internal sealed partial class CampaignGrain(
    CampaignStore store, AgendaStore agenda, NotifyOptions options, TemplateCatalog templates, StoreClock storeClock, TimeProvider clock,
    ILogger<CampaignGrain> log) : Grain, ICampaignGrain, ICampaignWork
{
    /// <summary>Whose the agenda's entries of campaigns are: nobody's, for no user's id has a space.</summary>
    public const string AgendaOwner = " campaigns";

    /// <summary>Recipients that were taken in and are not in a whole block yet.</summary>
    private readonly List<CampaignRecipient> _open = [];

    private readonly SettledRate _rate = new();
    private StoredCampaign? _stored;
    private IGrainTimer? _next;
    private int _upload, _taken;

    private Guid Id => this.GetPrimaryKey();

    private MessageKey Entry => new(AgendaOwner, Id);

    private bool IsExpired => _stored!.State.Settings.ExpiresAt <= clock.GetUtcNow();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _next = this.RegisterGrainTimer(
            GoOn, new GrainTimerCreationOptions { DueTime = Timeout.InfiniteTimeSpan, Period = Timeout.InfiniteTimeSpan, KeepAlive = true });
        _stored = await Guard(store.Read(Id));
        if (options.StoreKeepsParts && _stored is { Status: not CampaignStatus.Uploading }) await Guard(store.CountAnew(Id));
    }

    public async Task<CampaignUpload> Begin(CampaignSettings settings)
    {
        if (_stored is { Status: not CampaignStatus.Uploading, State: var whole }) return new CampaignUpload { Receipt = whole.Receipt(Id) };
        var errors = CampaignRules.Check(settings, templates, clock.GetUtcNow());
        if (errors.Count > 0) return new CampaignUpload { Errors = errors };
        var upload = (_stored?.State.Upload ?? 0) + 1;
        await Change(CampaignStatus.Uploading, new CampaignState { Settings = settings, Upload = upload });
        await Guard(store.ForgetAudience(Id));
        (_upload, _taken) = (upload, 0);
        _open.Clear();
        return new CampaignUpload { Upload = upload };
    }

    public async Task<bool> Add(int upload, ImmutableArray<CampaignRecipient> recipients, ImmutableArray<CampaignLineError> failed)
    {
        if (!IsCurrent(upload) || recipients.Length > ICampaignGrain.MostInOneCall) return false;
        var now = clock.GetUtcNow();
        var settings = _stored!.State.Settings;
        var problems = recipients.Select(recipient => CampaignRules.Check(recipient, settings, templates, now)).ToList();
        var valid = recipients.Where((_, i) => problems[i] is null).ToList();
        var isNew = await Guard(store.Enrol(Id, valid.Select(recipient => recipient.UserId)));
        var wrong = recipients.Zip(problems).Where(each => each.Second is not null).Select(each => new CampaignLineError(each.First.Line, each.Second!))
            .Concat(valid.Where((_, i) => !isNew[i]).Select(recipient => new CampaignLineError(recipient.Line, CampaignRules.Duplicate)))
            .Concat(failed).OrderBy(error => error.Line);
        _stored = _stored with { State = _stored.State.With(wrong) };
        _open.AddRange(valid.Where((_, i) => isNew[i]));
        while (_open.Count >= CampaignStore.BlockSize) await PutBlock();
        return true;
    }

    public async Task<CampaignReceipt?> Complete(int upload)
    {
        if (_stored is { Status: not CampaignStatus.Uploading, State: var whole } && whole.Upload == upload) return whole.Receipt(Id);
        if (!IsCurrent(upload) || (_taken + _open.Count == 0 && _stored!.State.Failed == 0)) return null;
        while (_open.Count > 0) await PutBlock();
        await Guard(store.CountAllNew(Id, _taken));
        var state = _stored!.State with { Targeted = _taken };
        // The entry first: one without a campaign that runs is taken away, a campaign without an entry would be forgotten.
        await Guard(agenda.PutAhead(Entry));
        await Change(state.Settings.StartAt > clock.GetUtcNow() ? CampaignStatus.Scheduled : CampaignStatus.Running, state);
        LogStarted(Id, state.Settings.Name, state.Targeted);
        Again(TimeSpan.Zero);
        return state.Receipt(Id);
    }

    public async Task<CampaignView?> Get() => _stored is null ? null : await View();

    public Task<CampaignView?> Pause() => Turn(CampaignStatus.Paused, from: [CampaignStatus.Running, CampaignStatus.Scheduled]);

    public async Task<CampaignView?> Resume()
    {
        if (_stored?.Status == CampaignStatus.Paused) await Guard(agenda.PutAhead(Entry));
        return await Turn(CampaignStatus.Running, from: [CampaignStatus.Paused]);
    }

    public async Task<CampaignView?> Cancel()
    {
        var view = await Turn(
            CampaignStatus.Cancelled, from: [CampaignStatus.Uploading, CampaignStatus.Scheduled, CampaignStatus.Running, CampaignStatus.Paused]);
        if (view is { Status: CampaignStatus.Cancelled }) await Guard(store.ForgetVariables(Id));
        return view;
    }

    public async Task Wake()
    {
        if (_stored is not { Status: CampaignStatus.Running or CampaignStatus.Scheduled }) await Guard(agenda.Remove(Entry));
        else Again(TimeSpan.Zero);
    }

    // An upload that another activation has begun lacks what that one had not stored yet.
    private bool IsCurrent(int upload) => _stored is { Status: CampaignStatus.Uploading } && _upload == upload;

    private async Task PutBlock()
    {
        var block = _open.Take(CampaignStore.BlockSize).ToArray();
        await Guard(store.PutBlock(Id, _taken / CampaignStore.BlockSize, block));
        _open.RemoveRange(0, block.Length);
        _taken += block.Length;
    }

    private async Task<CampaignView?> Turn(CampaignStatus to, CampaignStatus[] from)
    {
        if (_stored is null) return null;
        if (from.Contains(_stored.Status))
        {
            await Change(to, _stored.State);
            LogTurned(Id, _stored.State.Settings.Name, to);
            Again(TimeSpan.Zero);
        }

        return await View();
    }

    private async Task<CampaignView> View()
    {
        var counts = await Guard(store.Counts(Id));
        var view = CampaignProgress.Of(Id, _stored!.State, _stored.Status, IsExpired, counts, 0, clock.GetUtcNow());
        var (settled, now) = (view.Targeted - view.Remaining, storeClock.Now);
        return CampaignProgress.Of(Id, _stored.State, _stored.Status, IsExpired, counts, _rate.At(settled, now), clock.GetUtcNow());
    }

    /// <summary>Changes the campaign; memory takes it when it is stored.</summary>
    private async Task Change(CampaignStatus status, CampaignState state)
    {
        var changed = await Guard(store.Write(Id, _stored, status, state));
        if (changed is null)
        {
            // Another activation was quicker: what is known here is old.
            DeactivateOnIdle();
            throw new StoreUnavailableException();
        }

        _stored = changed;
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
            LogStore(Id, fault.Message);
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

    [LoggerMessage(LogLevel.Warning, "Campaign {Campaign} goes on from what is stored: {Fault}")]
    private partial void LogStore(Guid campaign, string fault);
}
