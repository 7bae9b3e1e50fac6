namespace OrleansNotify;

/// <summary>Which campaigns: all that a part of this does not leave out.</summary>
[GenerateSerializer, Immutable, Alias("notify.CampaignFilter")]
public sealed record CampaignFilter
{
    /// <summary>Where they are in their life.</summary>
    [Id(0)]
    public CampaignStatus? State { get; init; }

    /// <summary>A part of their name, in any case.</summary>
    [Id(1)]
    public string? Name { get; init; }
}

/// <summary>Where a recipient is: the words of a campaign's counts.</summary>
[GenerateSerializer, Alias("notify.CampaignRecipientState")]
public enum CampaignRecipientState
{
    /// <summary>No message was made yet, or it waits for a turn.</summary>
    Waiting,

    /// <summary>Held by quiet hours.</summary>
    Deferred,

    /// <summary>Between two attempts.</summary>
    Retrying,

    /// <summary>A provider has taken it over.</summary>
    Sent,

    /// <summary>Preferences or addresses forbid it.</summary>
    Skipped,

    /// <summary>Failed on the whole plan.</summary>
    DeadLettered,

    /// <summary>Not reached before <c>expires_at</c>.</summary>
    Expired,

    /// <summary>Not reached before the campaign was cancelled, or cancelled singly.</summary>
    Cancelled,
}

/// <summary>A recipient of a campaign, as it stands.</summary>
[GenerateSerializer, Immutable, Alias("notify.CampaignRecipientView")]
public sealed record CampaignRecipientView
{
    /// <summary>The user.</summary>
    [Id(0)]
    public required string UserId { get; init; }

    /// <summary>Where the recipient is.</summary>
    [Id(1)]
    public required CampaignRecipientState State { get; init; }

    /// <summary>Of a skipped one: why.</summary>
    [Id(2)]
    public string? Reason { get; init; }

    /// <summary>Of a sent one: the channel that took it.</summary>
    [Id(3)]
    public Channel? Channel { get; init; }

    /// <summary>The message that was made for it; null where there is none.</summary>
    [Id(4)]
    public Guid? MessageId { get; init; }
}
