namespace OrleansNotify.RateLimiting;

/// <summary>Gives the turns of one channel. The key is the channel's name.</summary>
[Alias("notify.IRateLimiterGrain")]
internal interface IRateLimiterGrain : IGrainWithStringKey
{
    /// <summary>Something is in a lane.</summary>
    [Alias("Poke")]
    Task Poke();

    /// <summary>How the channel stands.</summary>
    [Alias("Look")]
    Task<ChannelStatus> Look();
}

/// <summary>How a channel stands.</summary>
[GenerateSerializer, Immutable, Alias("notify.ChannelStatus")]
internal sealed record ChannelStatus
{
    [Id(0)]
    public required bool TransactionalWaiting { get; init; }

    [Id(1)]
    public required bool CampaignWaiting { get; init; }
}
