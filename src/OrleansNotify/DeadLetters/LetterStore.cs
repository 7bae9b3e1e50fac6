using System.Collections.Immutable;
using OrleansNotify.Storage;
using OrleansNotify.Users;
using StackExchange.Redis;

namespace OrleansNotify.DeadLetters;

/// <summary>Reads the dead letters. They are written by commits alone.</summary>
internal sealed class LetterStore(IConnectionMultiplexer redis, Keys keys, Codec codec)
{
    private static readonly string PageScript = Script.ReadPlain("OrleansNotify.DeadLetters.page.lua");

    private IDatabase Database => redis.GetDatabase();

    /// <summary>One letter; null if there is none.</summary>
    /// <exception cref="StoreFault">The store did not answer.</exception>
    public Task<Message?> Find(string id) => StoreFault.Guard(async () =>
        await Database.HashGetAsync(keys.Letters, id) is { HasValue: true } found ? codec.DecodeMessage(found) : null);

    /// <summary>Letters of some places. One that has gone meanwhile is left out.</summary>
    /// <exception cref="StoreFault">The store did not answer.</exception>
    public Task<Message[]> Read(IEnumerable<LetterPlace> places) => StoreFault.Guard(async () =>
    {
        RedisValue[] fields = [.. places.Select(place => (RedisValue)LetterKey.Parse(place.Member).Field)];
        if (fields.Length == 0) return [];
        var letters = await Database.HashGetAsync(keys.Letters, fields);
        return letters.Where(letter => letter.HasValue).Select(codec.DecodeMessage).ToArray();
    });

    /// <summary>The places behind another, newest first.</summary>
    /// <exception cref="StoreFault">The store did not answer.</exception>
    public Task<ImmutableArray<LetterPlace>> Page(DeadLetterFilter filter, LetterPlace? after, int limit) => StoreFault.Guard(async () =>
    {
        var lists = await ListsOf(filter);
        if (lists.Length == 0) return [];
        var (oldest, newest) = filter.Scores();
        var begin = after is { } place && place.Score <= newest ? place : new LetterPlace(newest, "");
        var answer = (RedisValue[])(await Database.ScriptEvaluateAsync(
            PageScript, [keys.Letters, .. lists], [oldest, begin.Score, limit, begin.Member]))!;
        return answer.Chunk(2)
            .Select(pair => new LetterPlace((long)(double)pair[1], pair[0]!))
            .OrderDescending()
            .Take(limit)
            .ToImmutableArray();
    });

    /// <summary>How many letters a filter takes.</summary>
    /// <exception cref="StoreFault">The store did not answer.</exception>
    public Task<long> Count(DeadLetterFilter filter) => StoreFault.Guard(async () =>
    {
        var counts = (await ListsOf(filter)).Select(list => Count(list, filter));
        return (await Task.WhenAll(counts)).Sum();
    });

    /// <summary>The groups that have letters, the largest first.</summary>
    /// <exception cref="StoreFault">The store did not answer.</exception>
    public Task<ImmutableArray<DeadLetterGroup>> Groups(DeadLetterFilter filter) => StoreFault.Guard(async () =>
    {
        var groups = (await GroupsOf(filter)).Select(async group => new DeadLetterGroup
        {
            Channel = group.Channel,
            Reason = group.Reason,
            TemplateName = group.Template,
            Count = await Count(keys.LettersOfGroup(group), filter),
        });
        return (await Task.WhenAll(groups))
            .Where(group => group.Count > 0)
            .OrderByDescending(group => group.Count)
            .ToImmutableArray();
    });

    private Task<long> Count(RedisKey list, DeadLetterFilter filter)
    {
        var (oldest, newest) = filter.Scores();
        return Database.SortedSetLengthAsync(list, oldest, newest);
    }

    private async Task<RedisKey[]> ListsOf(DeadLetterFilter filter)
    {
        if (filter.UserId is { } user) return [keys.LettersOfUser(user)];
        return filter.IsByGroup() ? [.. (await GroupsOf(filter)).Select(keys.LettersOfGroup)] : [keys.LettersOfAll];
    }

    // In the order of their names. Names are never taken away: there are no more than channels, reasons and templates make.
    private async Task<IEnumerable<LetterGroup>> GroupsOf(DeadLetterFilter filter)
    {
        var names = await Database.SortedSetRangeByRankAsync(keys.LetterGroups);
        return names.Select(name => (string)name!).Order(StringComparer.Ordinal).Select(LetterGroup.Parse).Where(group => group.IsIn(filter));
    }
}
