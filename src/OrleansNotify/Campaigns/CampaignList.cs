using System.Collections.Immutable;
using System.Globalization;
using OrleansNotify.Storage;
using StackExchange.Redis;

namespace OrleansNotify.Campaigns;

/// <summary>
/// The campaigns, in the order of their beginning. An entry is written before its campaign, and outlives it; one that leads nowhere is passed
/// over, and taken away once nobody can be about to write its campaign.
/// </summary>
internal sealed class CampaignList(IConnectionMultiplexer redis, Keys keys, CampaignStore campaigns, StoreClock clock)
{
    private const int LookedAtForPruning = 10;

    private IDatabase Database => redis.GetDatabase();

    /// <summary>Lists a campaign that is about to be written, and takes away the oldest that are gone.</summary>
    /// <exception cref="StoreFault">The store did not answer.</exception>
    public async Task Add(CampaignEntry entry)
    {
        await StoreFault.Guard(() => Database.SortedSetAddAsync(keys.Campaigns, entry.Format(), 0));
        await Read(await Entries(Order.Ascending, null, LookedAtForPruning));
    }

    /// <summary>The entries behind another, newest first.</summary>
    /// <exception cref="StoreFault">The store did not answer.</exception>
    public Task<ImmutableArray<CampaignEntry>> Behind(CampaignEntry? after, int count) => Entries(Order.Descending, after, count);

    /// <summary>The campaigns of some entries, with their ids; those that lead nowhere are left out.</summary>
    /// <exception cref="StoreFault">The store did not answer.</exception>
    public async Task<ImmutableArray<(CampaignEntry Entry, StoredCampaign Campaign)>> Read(ImmutableArray<CampaignEntry> entries)
    {
        var read = await Task.WhenAll(entries.Select(entry => campaigns.Read(entry.Id)));
        // An upload that was begun anew has another entry.
        var found = entries.Zip(read).Where(each => each.Second?.State.CreatedAt == each.First.CreatedAt).Select(each => (each.First, each.Second!)).ToImmutableArray();
        RedisValue[] gone = [.. entries.Except(found.Select(each => each.First)).Where(IsOver).Select(entry => (RedisValue)entry.Format())];
        if (gone.Length > 0) await StoreFault.Guard(() => Database.SortedSetRemoveAsync(keys.Campaigns, gone));
        return found;
    }

    private bool IsOver(CampaignEntry entry) => clock.Now - entry.CreatedAt > CampaignStore.UploadLife;

    private Task<ImmutableArray<CampaignEntry>> Entries(Order order, CampaignEntry? after, int count) => StoreFault.Guard(async () =>
        (await Database.SortedSetRangeByValueAsync(
            keys.Campaigns, "", after?.Format() ?? "~", Exclude.Both, order, take: count)).Select(entry => CampaignEntry.Parse(entry!)!.Value).ToImmutableArray());
}

/// <summary>A campaign's place in the list: when its upload began, to the millisecond, and its id. It is also a page's cursor.</summary>
internal readonly record struct CampaignEntry(DateTimeOffset CreatedAt, Guid Id)
{
    /// <summary>A text that the store orders by time.</summary>
    public string Format() => string.Create(CultureInfo.InvariantCulture, $"{CreatedAt.ToUnixTimeMilliseconds():00000000000000}-{Id:N}");

    /// <summary>The place that a text names; null if it names none.</summary>
    public static CampaignEntry? Parse(string text) =>
        text.Length == 47 && text[14] == '-'
        && long.TryParse(text.AsSpan(0, 14), NumberStyles.None, CultureInfo.InvariantCulture, out var time)
        && Guid.TryParseExact(text.AsSpan(15), "N", out var id)
            ? new CampaignEntry(DateTimeOffset.FromUnixTimeMilliseconds(time), id)
            : null;
}
