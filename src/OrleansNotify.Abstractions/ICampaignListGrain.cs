using Orleans.Metadata;

namespace OrleansNotify;

/// <summary>
/// The campaigns that there are. There is one such grain, with the key 0. Methods throw <see cref="StoreUnavailableException"/> while the
/// store does not answer, and <see cref="ArgumentException"/>, which names the field, for a cursor that cannot be.
/// </summary>
[Alias("notify.ICampaignListGrain"), DefaultGrainType("campaigns")]
public interface ICampaignListGrain : IGrainWithIntegerKey
{
    /// <summary>The campaigns that a filter takes, newest first. A page may hold fewer than asked for, or none, and still have a next one.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="cursor">The previous page's <see cref="Page{T}.NextCursor"/>, or null for the first page.</param>
    /// <param name="limit">1 to 100.</param>
    [Alias("List")]
    Task<Page<CampaignView>> List(CampaignFilter filter, string? cursor, int limit);
}
