using Microsoft.Extensions.Logging;
using OrleansNotify.DeadLetters;
using OrleansNotify.Storage;

namespace OrleansNotify.Users;

// How a user is erased. The agenda comes back to it until it is done; each step may be made again.
internal sealed partial class UserGrain
{
    private const int LettersAtATime = 100;

    /// <summary>Stands on the agenda for a user who is being erased.</summary>
    private static readonly Guid Erasure = Guid.Empty;

    public async Task<EraseResult> Erase()
    {
        await Load();
        if (Profile.Erasing) return await GoOnErasing();
        if (!Profile.Known) return EraseResult.UnknownUser;
        // First that somebody comes back: from the profile on, this user is unknown, and nobody could ask again.
        await Commit(change =>
        {
            change.ComeBackToErase(Erasure);
            return true;
        });
        await Read(() => Done(silo.Unsubscribes.Keep(Profile.Addresses, Profile.Preferences.UnsubscribedTypes)));
        await WriteProfile(new Profile { Erasing = true });
        LogErasing(UserId);
        return await GoOnErasing();
    }

    private async Task<EraseResult> GoOnErasing()
    {
        await Commit(
            change =>
            {
                FollowEach(change, change.EachAsItStands().Where(message => message.Running is null));
                return true;
            },
            always: true);
        // What is being sent ends by itself, and comes here then.
        if (!_outbox.Messages.IsEmpty) return EraseResult.Sending;
        await EraseLetters();
        foreach (var (campaign, _) in await Read(() => silo.CampaignRows.Of(UserId)))
            await Read(async () => await Done(silo.CampaignRows.Anonymise(campaign, UserId, await silo.Unsubscribes.NameIn(campaign, UserId))));
        await Commit(change =>
        {
            change.EraseRecords();
            return true;
        });
        await Read(() => Done(StoreFault.Guard(() => silo.Profiles.ClearStateAsync(ProfileState, this.GetGrainId(), _profile))));
        _profile.State = new Profile();
        await Commit(change =>
        {
            change.EndErasing(Erasure, isErased: true);
            return true;
        });
        LogErased(UserId);
        DeactivateOnIdle();
        return EraseResult.Erased;
    }

    private async Task EraseLetters()
    {
        while (await Read(() => silo.Store.ReadNewest(silo.Keys.LettersOfUser(UserId), LettersAtATime)) is { Length: > 0 } members)
        {
            var letters = members.Select(member => LetterKey.Parse(member!)).ToList();
            var kept = await Read(() => silo.Store.ReadFields(silo.Keys.Letters, [.. letters.Select(letter => (StackExchange.Redis.RedisValue)letter.Field)]));
            await Commit(change =>
            {
                foreach (var (letter, message) in letters.Zip(kept)) change.EraseLetter(letter, message.HasValue ? silo.Codec.DecodeMessage(message) : null);
                return true;
            });
        }
    }

    private static async Task<bool> Done(Task task)
    {
        await task;
        return true;
    }

    [LoggerMessage(LogLevel.Information, "User {User} is being erased")]
    private partial void LogErasing(string user);

    [LoggerMessage(LogLevel.Information, "User {User} was erased")]
    private partial void LogErased(string user);
}
