using Orleans.Metadata;

namespace OrleansNotify.Campaigns;

/// <summary>The side of a campaign's grain that the cluster itself calls.</summary>
[Alias("notify.ICampaignWork"), DefaultGrainType("campaign")]
internal interface ICampaignWork : IGrainWithGuidKey
{
    /// <summary>The agenda says that it is time to look at the campaign.</summary>
    [Alias("Wake")]
    Task Wake();
}
