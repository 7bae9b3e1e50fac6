using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OrleansNotify.Users;

namespace OrleansNotify.Campaigns;

// How messages are made of the audience.
internal sealed partial class CampaignGrain
{
    private const int SideBySide = 32;

    /// <summary>How soon a campaign looks again whose batch waits, and one that has nothing to do but to wait.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(100), Later = TimeSpan.FromSeconds(1);

    /// <summary>When a recipient is asked again whose outbox was full, or who did not answer; and how long a batch waits for such answers.</summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromMinutes(1), Patience = TimeSpan.FromSeconds(10);

    /// <summary>How often the entry on the agenda is put ahead: before it is due.</summary>
    private static readonly TimeSpan EntryEvery = TimeSpan.FromSeconds(10);

    private DateTimeOffset _entryAt;

    private void Again(TimeSpan wait) => _next!.Change(wait, Timeout.InfiniteTimeSpan);

    private async Task GoOn(CancellationToken cancellation)
    {
        try
        {
            if (await Step(cancellation) is { } wait) Again(wait);
        }
        catch (Exception fault)
        {
            // What is known here may not be what is stored: the agenda brings the campaign back with what is.
            LogStore(Id, fault);
            DeactivateOnIdle();
        }
    }

    /// <summary>Does what is next. Answers when there is more to do; null where only somebody else's word, or the agenda's, goes on from here.</summary>
    private async Task<TimeSpan?> Step(CancellationToken cancellation)
    {
        if (_stored is null or { Status: CampaignStatus.Uploading or CampaignStatus.Cancelled or CampaignStatus.Done })
        {
            if (_stored is { Status: not CampaignStatus.Uploading }) await Guard(store.Forget(Id, options.History.Age));
            await Guard(agenda.Remove(Entry));
            Tell(null);
            return null;
        }

        if (storeClock.Now - _entryAt >= EntryEvery)
        {
            await Guard(agenda.PutAhead(Entry));
            _entryAt = storeClock.Now;
        }

        if (_stored.Status == CampaignStatus.Scheduled)
        {
            var wait = _stored.State.UntilStart(clock.GetUtcNow());
            if (wait > TimeSpan.Zero) return wait < EntryEvery ? wait : EntryEvery;
            await Change(CampaignStatus.Running, _stored.State);
        }

        var counts = await Guard(store.Counts(Id));
        _rate.Note(CampaignProgress.SettledOf(counts), storeClock.Now);
        var view = CampaignProgress.Of(Id, _stored.State, _stored.Status, counts, 0, clock.GetUtcNow());
        Tell(_stored.Status == CampaignStatus.Running ? view : null);
        if (view.Remaining > 0)
            return _stored.Status == CampaignStatus.Paused ? null : await MakeSome(_stored.State, counts, cancellation);
        await Change(CampaignStatus.Done, _stored.State);
        LogTurned(Id, _stored.State.Settings.Name, CampaignStatus.Done);
        return TimeSpan.Zero;
    }

    /// <summary>Makes the next messages, as far as there is room for them. Answers when to look again.</summary>
    private async Task<TimeSpan> MakeSome(CampaignState state, ImmutableDictionary<string, long> counts, CancellationToken cancellation)
    {
        if (state.IsExpired(clock.GetUtcNow())) return Later;
        if (state.NotBefore - storeClock.Now is { Ticks: > 0 } early) return early;
        var room = state.Room(counts.GetValueOrDefault(RecipientState.Waiting));
        if (room == 0) return Soon;
        var due = await Guard(store.Due(Id, room));
        var fresh = Math.Min(room - due.Length, state.Targeted - state.Cursor);
        var places = due.Concat(Enumerable.Range(state.Cursor, fresh)).Distinct().ToList();
        if (places.Count == 0) return Later;
        using CancellationTokenSource patience = new(Patience, clock);
        var moved = false;
        await Parallel.ForEachAsync(
            await Guard(store.At(Id, places)),
            new ParallelOptions { MaxDegreeOfParallelism = SideBySide, TaskScheduler = TaskScheduler.Current, CancellationToken = cancellation },
            async (recipient, _) =>
            {
                if (await Recruit(recipient.Place, recipient.Recipient, recipient.State, patience.Token)) moved = true;
            });
        await Change(_stored!.Status, state.After(places.Count, state.Cursor + fresh, storeClock.Now));
        return moved ? TimeSpan.Zero : Later;
    }

    /// <summary>Asks for a message to a recipient, and sees to it that one without a message is come back to. False where all is as it was.</summary>
    private async Task<bool> Recruit(int place, CampaignRecipient recipient, string from, CancellationToken patience)
    {
        var result = from is RecipientState.New or RecipientState.Held ? await Ask(place, recipient, from, patience) : RecruitResult.NotWanted;
        if (result == RecruitResult.Later) await store.ComeBack(Id, place, AskAgain);
        if (result == RecruitResult.NotWanted) await store.Drop(Id, place, recipient.UserId);
        return result != RecruitResult.Later;
    }

    private async Task<RecruitResult> Ask(int place, CampaignRecipient recipient, string from, CancellationToken patience)
    {
        if (patience.IsCancellationRequested) return RecruitResult.Later;
        try
        {
            return await GrainFactory.GetGrain<IUserDelivery>(recipient.UserId)
                .Recruit(new CampaignPlace(Id, place), from, CampaignRules.RequestOf(_stored!.State.Settings, recipient.Vars))
                .WaitAsync(patience);
        }
        catch (Exception fault)
        {
            LogSilent(Id, recipient.UserId, fault);
            return RecruitResult.Later;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Campaign {Campaign} comes back to user {User}, who did not answer")]
    private partial void LogSilent(Guid campaign, string user, Exception fault);
}
