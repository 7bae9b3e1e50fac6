using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OrleansNotify.Users;

namespace OrleansNotify.Campaigns;

// How messages are made of the audience.
internal sealed partial class CampaignGrain
{
    private const int SideBySide = 32;

    /// <summary>How soon a campaign that has just made messages looks again, and one that waits.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(100), Later = TimeSpan.FromSeconds(1);

    /// <summary>When a recipient is asked again whose outbox was full, or who did not answer.</summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromMinutes(1), Patience = TimeSpan.FromSeconds(10);

    /// <summary>How often the entry on the agenda is put ahead: before it is due.</summary>
    private static readonly TimeSpan EntryEvery = TimeSpan.FromSeconds(10);

    private DateTimeOffset _entryAt;

    private void Again(TimeSpan wait) => _next!.Change(wait, Timeout.InfiniteTimeSpan);

    private async Task GoOn(CancellationToken cancellation)
    {
        try
        {
            await KeepEntry();
            if (_stored is { Status: CampaignStatus.Scheduled } due && !(due.State.Settings.StartAt > clock.GetUtcNow())) await Change(CampaignStatus.Running, due.State);
            var made = _stored!.Status == CampaignStatus.Running && await MakeSome(cancellation);
            if (_stored.Status is CampaignStatus.Running or CampaignStatus.Scheduled) Again(made ? Soon : Later);
        }
        catch (Exception fault)
        {
            // What is known here may not be what is stored: the agenda brings the campaign back with what is.
            LogStore(Id, fault.Message);
            DeactivateOnIdle();
        }
    }

    private async Task KeepEntry()
    {
        if (storeClock.Now - _entryAt < EntryEvery) return;
        await Guard(agenda.PutAhead(Entry));
        _entryAt = storeClock.Now;
    }

    /// <summary>Makes the next messages if fewer than a batch wait; true if it made some.</summary>
    private async Task<bool> MakeSome(CancellationToken cancellation)
    {
        var state = _stored!.State;
        var counts = await Guard(store.Counts(Id));
        var view = CampaignProgress.Of(Id, state, _stored.Status, IsExpired, counts, 0, clock.GetUtcNow());
        _rate.Note(view.Targeted - view.Remaining, storeClock.Now);
        if (view.Remaining == 0)
        {
            await End(state);
            return false;
        }

        if (IsExpired || counts.GetValueOrDefault(RecipientState.Waiting) >= state.Settings.BatchSize || state.NotBefore > storeClock.Now) return false;
        var due = await Guard(store.Due(Id, state.AtATime));
        var fresh = Math.Min(state.AtATime - due.Length, state.Targeted - state.Cursor);
        var places = due.Concat(Enumerable.Range(state.Cursor, fresh)).Distinct().ToList();
        if (places.Count == 0) return false;
        var recipients = await Guard(store.At(Id, places));
        await Parallel.ForEachAsync(
            recipients,
            new ParallelOptions { MaxDegreeOfParallelism = SideBySide, TaskScheduler = TaskScheduler.Current, CancellationToken = cancellation },
            async (recipient, _) => await Recruit(recipient.Place, recipient.Recipient, recipient.State));
        await Change(_stored.Status, state.After(places.Count, state.Cursor + fresh, storeClock.Now));
        return true;
    }

    private async Task Recruit(int place, CampaignRecipient recipient, string from)
    {
        var result = RecruitResult.NotWanted;
        if (from is RecipientState.New or RecipientState.Held)
        {
            try
            {
                result = await GrainFactory.GetGrain<IUserDelivery>(recipient.UserId)
                    .Recruit(new CampaignPlace(Id, place), from, CampaignRules.RequestOf(_stored!.State.Settings, recipient.Vars))
                    .WaitAsync(Patience, clock);
            }
            catch (Exception fault)
            {
                LogSilent(Id, recipient.UserId, fault.Message);
                result = RecruitResult.Later;
            }
        }

        if (result == RecruitResult.Later) await store.ComeBack(Id, place, AskAgain);
        if (result == RecruitResult.NotWanted) await store.Drop(Id, place, recipient.UserId);
    }

    private async Task End(CampaignState state)
    {
        await Change(CampaignStatus.Done, state);
        await Guard(store.ForgetVariables(Id));
        await Guard(agenda.Remove(Entry));
        LogTurned(Id, state.Settings.Name, CampaignStatus.Done);
    }

    [LoggerMessage(LogLevel.Warning, "Campaign {Campaign} comes back to user {User}, who did not answer: {Fault}")]
    private partial void LogSilent(Guid campaign, string user, string fault);
}
