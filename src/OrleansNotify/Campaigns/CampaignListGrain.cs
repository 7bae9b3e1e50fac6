using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using OrleansNotify.Storage;

namespace OrleansNotify.Campaigns;

/// <summary>Where the campaigns are listed. Keeps nothing.</summary>
[Reentrant, GrainType("campaigns")]
internal sealed partial class CampaignListGrain(CampaignList list, CampaignStore store, TimeProvider clock, ILogger<CampaignListGrain> log) : Grain, ICampaignListGrain
{
    private const int MostOnPage = 100, LookedAtATime = 100, MostLooks = 5;

    public async Task<Page<CampaignView>> List(CampaignFilter filter, string? cursor, int limit)
    {
        CampaignEntry? after = cursor is null ? null : CampaignEntry.Parse(cursor) ?? throw new ArgumentException("cursor: Must be the cursor of a page.");
        try
        {
            return await Page(filter, after, Math.Clamp(limit, 1, MostOnPage));
        }
        catch (StoreFault fault)
        {
            LogUnavailable(fault);
            throw new StoreUnavailableException();
        }
    }

    // A filter that takes little is looked for so far and no further: the page then says where to go on.
    private async Task<Page<CampaignView>> Page(CampaignFilter filter, CampaignEntry? after, int limit)
    {
        List<(CampaignEntry Entry, StoredCampaign Campaign)> found = [];
        var isMore = true;
        for (var look = 0; look < MostLooks && isMore && found.Count <= limit; look++)
        {
            var entries = await list.Behind(after, LookedAtATime);
            found.AddRange((await list.Read(entries)).Where(each => IsIn(filter, each.Campaign)));
            isMore = entries.Length == LookedAtATime;
            if (entries.Length > 0) after = entries[^1];
        }

        if (found.Count > limit) after = found[limit - 1].Entry;
        return new Page<CampaignView>
        {
            Items = [.. await Task.WhenAll(found.Take(limit).Select(each => View(each.Entry.Id, each.Campaign)))],
            NextCursor = found.Count > limit || isMore ? after!.Value.Format() : null,
        };
    }

    private static bool IsIn(CampaignFilter filter, StoredCampaign campaign) =>
        (filter.State is null || campaign.Status == filter.State)
        && (filter.Name is null || campaign.State.Settings.Name.Contains(filter.Name, StringComparison.OrdinalIgnoreCase));

    // How fast one is is known to its grain alone.
    private async Task<CampaignView> View(Guid id, StoredCampaign campaign) =>
        (campaign.Status == CampaignStatus.Running ? await GrainFactory.GetGrain<ICampaignGrain>(id).Get() : null)
        ?? CampaignProgress.Of(id, campaign.State, campaign.Status, await store.Counts(id), 0, clock.GetUtcNow());

    [LoggerMessage(LogLevel.Warning, "The campaigns cannot be listed")]
    private partial void LogUnavailable(Exception fault);
}
