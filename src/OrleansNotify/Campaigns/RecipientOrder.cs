using System.Collections.Immutable;
using OrleansNotify.Storage;
using StackExchange.Redis;

namespace OrleansNotify.Campaigns;

/// <summary>Reads a campaign's recipients in the order of their states, and within one of their ids. What moves them is a commit.</summary>
internal sealed class RecipientOrder(IConnectionMultiplexer redis, Keys keys)
{
    /// <summary>Those behind another.</summary>
    /// <param name="campaign">The campaign.</param>
    /// <param name="words">The states, or their beginnings, which end with a colon; null for all.</param>
    /// <param name="after">The one before the first; null for the beginning.</param>
    /// <param name="limit">How many.</param>
    /// <exception cref="StoreFault">The store did not answer.</exception>
    public Task<ImmutableArray<RecipientEntry>> Page(Guid campaign, IEnumerable<string>? words, RecipientEntry? after, int limit) => StoreFault.Guard(async () =>
    {
        var found = ImmutableArray.CreateBuilder<RecipientEntry>();
        foreach (var (from, to) in RangesOf(words))
        {
            var behind = after?.Format();
            if (behind is not null && string.CompareOrdinal(behind, to) >= 0) continue;
            var begin = behind is not null && string.CompareOrdinal(behind, from) >= 0 ? behind : from;
            // No entry is as short as a range's own ends.
            var entries = await redis.GetDatabase().SortedSetRangeByValueAsync(keys.CampaignStates(campaign), begin, to, Exclude.Both, take: limit - found.Count);
            found.AddRange(entries.Select(entry => RecipientEntry.Parse(entry!)));
            if (found.Count == limit) break;
        }

        return found.DrainToImmutable();
    });

    private static IEnumerable<(string From, string To)> RangesOf(IEnumerable<string>? words) => words is null
        ? [("", "~")]
        : words.Order(StringComparer.Ordinal).Select(word => word.EndsWith(':') ? word : word + " ").Select(word => (word, word[..^1] + (char)(word[^1] + 1)));
}
