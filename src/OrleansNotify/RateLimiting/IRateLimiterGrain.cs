using System.Collections.Immutable;

namespace OrleansNotify.RateLimiting;

/// <summary>Gives the turns of one channel, and keeps its circuits and pauses. The key is the channel's name; a service is a push service's origin.</summary>
[Alias("notify.IRateLimiterGrain")]
internal interface IRateLimiterGrain : IGrainWithStringKey
{
    /// <summary>Something is in a lane.</summary>
    [Alias("Poke")]
    Task Poke();

    /// <summary>How the channel stands.</summary>
    /// <param name="sent">For whom the asking silo last sent something over it.</param>
    [Alias("Look")]
    Task<ChannelStatus> Look(ImmutableArray<SentTo> sent);

    /// <summary>A silo has seen too many failures in a row, or a fault of ours.</summary>
    [Alias("Open")]
    Task Open(string? service, string reason);

    /// <summary>A provider asks to come later.</summary>
    [Alias("Pause")]
    Task Pause(string? service, DateTimeOffset until);

    /// <summary>Ends every pause of the channel, its services, chats and devices before its time.</summary>
    /// <param name="by">Who asks.</param>
    [Alias("Lift")]
    Task Lift(string by);

    /// <summary>The message that tried an open circuit has an outcome.</summary>
    [Alias("EndTrial")]
    Task EndTrial(string? service, bool failed, string reason);

    /// <summary>The message that was to try the channel's open circuits, or its services', did not.</summary>
    [Alias("Untried")]
    Task Untried(Guid message);

    /// <summary>Asks to be the message that tries a push service's circuit; false if it is not on trial, or another message is trying it.</summary>
    [Alias("ClaimTrial")]
    Task<bool> ClaimTrial(string service, Guid message, DateTimeOffset hardEnd);

    /// <summary>Another channel is in use again: messages that wait here for a circuit may have somewhere to go.</summary>
    [Alias("OtherIsBack")]
    Task OtherIsBack();
}

/// <summary>How a channel stands.</summary>
[GenerateSerializer, Immutable, Alias("notify.ChannelStatus")]
internal sealed record ChannelStatus
{
    [Id(0)]
    public required bool TransactionalWaiting { get; init; }

    [Id(1)]
    public required bool CampaignWaiting { get; init; }

    [Id(2)]
    public required ChannelState State { get; init; }

    /// <summary>For whom the cluster last sent something over it: the two last different people.</summary>
    [Id(3)]
    public ImmutableArray<SentTo> Sent { get; init; } = [];
}
