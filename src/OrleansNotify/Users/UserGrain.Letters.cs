using Microsoft.Extensions.Logging;

namespace OrleansNotify.Users;

// What becomes of dead letters.
internal sealed partial class UserGrain
{
    public async Task<RedriveResult> Redrive(string letter, string by, bool bulk)
    {
        if (await FindLetter(letter) is not { } kept) return RedriveResult.AlreadyRedriven;
        var result = await Commit(change => PutBack(change, kept, by, bulk), otherwise: RedriveResult.AlreadyRedriven);
        if (result == RedriveResult.Redriven) LogRedriven(letter, by);
        return result;
    }

    public async Task<bool> Discard(string letter, string by)
    {
        if (await FindLetter(letter) is not { } kept) return false;
        var discarded = await Commit(change =>
        {
            change.TakeLetter(kept);
            if (change.Find(kept.Id) is null) change.Keep(Transition.Discard(kept, by, silo.StoreClock.Now));
            return true;
        });
        if (discarded) LogDiscarded(letter, by);
        return discarded;
    }

    private RedriveResult PutBack(OutboxChange change, Message letter, string by, bool bulk)
    {
        if (change.Find(letter.Id) is not null)
        {
            // A store that kept only the first part of a commit left both. The message goes on: sent from here, it would be sent twice.
            change.TakeLetter(letter);
            return RedriveResult.AlreadyRedriven;
        }

        var message = Transition.Redrive(letter, by, bulk, silo.StoreClock.Now);
        if (!_outbox.HasRoomFor(silo.Codec.Encode(message).Length, withKey: false, message.LookAt)) return RedriveResult.OutboxFull;
        change.TakeLetter(letter);
        Follow(change, message, SituationOf(change, message));
        return RedriveResult.Redriven;
    }

    private async Task<Message?> FindLetter(string letter)
    {
        var found = await Read(() => silo.Store.ReadFields(silo.Keys.Letters, [letter]));
        return found[0].HasValue ? silo.Codec.DecodeMessage(found[0]) : null;
    }

    [LoggerMessage(LogLevel.Information, "Dead letter {Letter} was redriven by {By}")]
    private partial void LogRedriven(string letter, string by);

    [LoggerMessage(LogLevel.Information, "Dead letter {Letter} was discarded by {By}")]
    private partial void LogDiscarded(string letter, string by);
}
