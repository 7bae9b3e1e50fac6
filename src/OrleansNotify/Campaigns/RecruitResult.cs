namespace OrleansNotify.Campaigns;

/// <summary>What became of a campaign's recipient.</summary>
[GenerateSerializer, Alias("notify.RecruitResult")]
internal enum RecruitResult
{
    /// <summary>There is a message.</summary>
    Accepted,

    /// <summary>Quiet hours hold the recipient; the campaign comes back.</summary>
    Held,

    /// <summary>The user does not want it, or cannot be reached.</summary>
    Skipped,

    /// <summary>The outbox is full, the push services are away, or this silo cannot render the template: nothing was changed.</summary>
    Later,

    /// <summary>The campaign does not run, or the recipient is in another state: nothing was changed.</summary>
    NotWanted,
}
