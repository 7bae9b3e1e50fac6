using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace OrleansNotify;

/// <summary>What a campaign sends, and how.</summary>
[GenerateSerializer, Immutable, Alias("notify.CampaignSettings")]
public record CampaignSettings
{
    /// <summary>What people call it, 1 to 100 characters.</summary>
    [Id(0)]
    public required string Name { get; init; }

    /// <summary>The template's folder name.</summary>
    [Id(1)]
    public required string TemplateName { get; init; }

    /// <summary>The channel to try first; without one, the first of each user's own order.</summary>
    [Id(2)]
    public Channel? Channel { get; init; }

    /// <summary>Whether other channels of a user may be tried when the first one fails.</summary>
    [Id(3)]
    public bool Fallback { get; init; }

    /// <summary>How many messages of the campaign wait in the lane before the next are made, 1 to 1000.</summary>
    [Id(4)]
    public int BatchSize { get; init; } = 100;

    /// <summary>Not before this time.</summary>
    [Id(5)]
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>Not after this time: who has got nothing by then counts as expired.</summary>
    [Id(6)]
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>At most so many messages are made in a minute, 1 to 1,000,000; null leaves that to the channel.</summary>
    [Id(7)]
    public int? Rate { get; init; }
}

/// <summary>One recipient of a campaign.</summary>
[GenerateSerializer, Immutable, Alias("notify.CampaignRecipient")]
public sealed record CampaignRecipient
{
    /// <summary>Where it stands in the audience, from 1: how errors name it.</summary>
    [Id(0)]
    public required int Line { get; init; }

    /// <summary>The user's id.</summary>
    [Id(1)]
    public required string UserId { get; init; }

    /// <summary>The template's variables for this user, at most 16 KiB.</summary>
    [Id(2)]
    public TemplateVars Vars { get; init; } = TemplateVars.Empty;
}

/// <summary>A line of an audience that is not sent to.</summary>
/// <param name="Line">Its place, from 1.</param>
/// <param name="Reason">Why: <c>duplicate_recipient</c>, or what is wrong with a field.</param>
[GenerateSerializer, Immutable, Alias("notify.CampaignLineError")]
public sealed record CampaignLineError([property: Id(0)] int Line, [property: Id(1)] string Reason);

/// <summary>What became of an audience.</summary>
[GenerateSerializer, Immutable, Alias("notify.CampaignReceipt")]
public sealed record CampaignReceipt
{
    /// <summary>The campaign.</summary>
    [Id(0)]
    public required Guid CampaignId { get; init; }

    /// <summary>Recipients that are sent to. With none, nothing was begun: there is no campaign, and its id is still free.</summary>
    [Id(1)]
    public required int Queued { get; init; }

    /// <summary>Lines that are not.</summary>
    [Id(2)]
    public required int Failed { get; init; }

    /// <summary>The first 100 of those.</summary>
    [Id(3)]
    public required ImmutableArray<CampaignLineError> Errors { get; init; }
}

/// <summary>The answer to the beginning of an upload.</summary>
[GenerateSerializer, Immutable, Alias("notify.CampaignUpload")]
public sealed record CampaignUpload
{
    /// <summary>What names this upload; a later one of the same campaign ends it.</summary>
    [Id(0)]
    public int Upload { get; init; }

    /// <summary>Where the campaign has its audience already: the receipt of that; nothing is to be uploaded.</summary>
    [Id(1)]
    public CampaignReceipt? Receipt { get; init; }

    /// <summary>What is wrong with the settings, by the field's JSON name; empty when all is well.</summary>
    [Id(2)]
    public IReadOnlyDictionary<string, string[]> Errors { get; init; } = new Dictionary<string, string[]>();
}

/// <summary>Where a campaign is in its life.</summary>
[GenerateSerializer, Alias("notify.CampaignStatus")]
public enum CampaignStatus
{
    /// <summary>Its audience is not whole yet; nothing is sent.</summary>
    Uploading,

    /// <summary>It waits for its <c>start_at</c>.</summary>
    Scheduled,

    /// <summary>It sends.</summary>
    Running,

    /// <summary>It makes no new messages, and what had no attempt yet is handed back.</summary>
    Paused,

    /// <summary>Whoever has got nothing yet gets nothing.</summary>
    Cancelled,

    /// <summary>Nothing is left to send.</summary>
    Done,
}

/// <summary>A campaign's progress. <c>targeted</c> is the sum of <c>sent</c> to <c>cancelled</c>, whenever one looks.</summary>
[GenerateSerializer, Immutable, Alias("notify.CampaignView")]
public sealed record CampaignView
{
    /// <summary>The campaign.</summary>
    [Id(0)]
    public required Guid CampaignId { get; init; }

    /// <summary>What people call it.</summary>
    [Id(1)]
    public required string Name { get; init; }

    /// <summary>Where it is in its life.</summary>
    [Id(2)]
    public required CampaignStatus Status { get; init; }

    /// <summary>Recipients.</summary>
    [Id(3)]
    public required long Targeted { get; init; }

    /// <summary>A provider has taken theirs over.</summary>
    [Id(4)]
    public required long Sent { get; init; }

    /// <summary>Their preferences or addresses forbid it.</summary>
    [Id(5)]
    public required long Skipped { get; init; }

    /// <summary>Held by their quiet hours.</summary>
    [Id(6)]
    public required long Deferred { get; init; }

    /// <summary>Not made yet, or waiting for a turn.</summary>
    [Id(7)]
    public required long Waiting { get; init; }

    /// <summary>Between two attempts.</summary>
    [Id(8)]
    public required long Retrying { get; init; }

    /// <summary>Failed on their whole plan.</summary>
    [Id(9)]
    public required long DeadLettered { get; init; }

    /// <summary>Not reached before <c>expires_at</c>.</summary>
    [Id(10)]
    public required long Expired { get; init; }

    /// <summary>Not reached before the campaign was cancelled, or cancelled singly.</summary>
    [Id(11)]
    public required long Cancelled { get; init; }

    /// <summary>Those that are not settled.</summary>
    [Id(12)]
    public required long Remaining { get; init; }

    /// <summary>Settled in a second, over the last minute.</summary>
    [Id(13)]
    public required double RatePerSecond { get; init; }

    /// <summary>When it ends at that rate; null where nothing moves, or nothing is left.</summary>
    [Id(14), JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public DateTimeOffset? EstimatedEnd { get; init; }

    /// <summary>The skipped, by reason.</summary>
    [Id(15)]
    public required ImmutableSortedDictionary<string, long> SkippedByReason { get; init; }

    /// <summary>The sent, by the channel that took it.</summary>
    [Id(16)]
    public required ImmutableSortedDictionary<string, long> SentByChannel { get; init; }

    /// <summary>The template's name.</summary>
    [Id(17)]
    public required string TemplateName { get; init; }

    /// <summary>When its upload began; null for a campaign of a version that did not keep it.</summary>
    [Id(18)]
    public DateTimeOffset? CreatedAt { get; init; }
}
