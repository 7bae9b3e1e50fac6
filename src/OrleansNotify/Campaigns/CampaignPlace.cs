namespace OrleansNotify.Campaigns;

/// <summary>A recipient's place in a campaign's audience, from 0.</summary>
[GenerateSerializer, Immutable, Alias("notify.CampaignPlace")]
internal sealed record CampaignPlace([property: Id(0)] Guid Campaign, [property: Id(1)] int Place)
{
    /// <summary>The id of the one message that a user gets from a campaign, always the same.</summary>
    public Guid MessageFor(string user) => DerivedId.Of(Campaign, user);
}
