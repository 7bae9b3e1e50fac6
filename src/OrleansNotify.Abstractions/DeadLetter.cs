using System.Collections.Immutable;

namespace OrleansNotify;

/// <summary>Which dead letters: those of a user, or those of any part of a group, or all; within a time.</summary>
[GenerateSerializer, Immutable, Alias("notify.DeadLetterFilter")]
public record DeadLetterFilter
{
    /// <summary>The user. Goes with a time alone.</summary>
    [Id(0)]
    public string? UserId { get; init; }

    /// <summary>The channel that was tried last.</summary>
    [Id(1)]
    public Channel? Channel { get; init; }

    /// <summary>Why it failed, as the letter says.</summary>
    [Id(2)]
    public string? Reason { get; init; }

    /// <summary>The template's name.</summary>
    [Id(3)]
    public string? TemplateName { get; init; }

    /// <summary>Failed then or later, to the millisecond.</summary>
    [Id(4)]
    public DateTimeOffset? From { get; init; }

    /// <summary>Failed then or earlier, to the millisecond.</summary>
    [Id(5)]
    public DateTimeOffset? To { get; init; }
}

/// <summary>A message whose plan was exhausted, with all that happened to it.</summary>
[GenerateSerializer, Immutable, Alias("notify.DeadLetterView")]
public sealed record DeadLetterView
{
    /// <summary>The letter's id. A message that fails again after its redrive makes a letter with another one.</summary>
    [Id(0)]
    public required string Id { get; init; }

    /// <summary>The message's id.</summary>
    [Id(1)]
    public required Guid MessageId { get; init; }

    /// <summary>The user.</summary>
    [Id(2)]
    public required string UserId { get; init; }

    /// <summary>The template's name.</summary>
    [Id(3)]
    public required string TemplateName { get; init; }

    /// <summary>The variables; null in lists.</summary>
    [Id(4)]
    public TemplateVars? TemplateVars { get; init; }

    /// <summary>The message's priority.</summary>
    [Id(5)]
    public required Priority Priority { get; init; }

    /// <summary>The channel that was tried last; null if none was.</summary>
    [Id(6)]
    public Channel? Channel { get; init; }

    /// <summary>Why it failed: one of <see cref="Reasons"/>, or that of the last attempt.</summary>
    [Id(7)]
    public required string Reason { get; init; }

    /// <summary>When the message was accepted.</summary>
    [Id(8)]
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it became a dead letter.</summary>
    [Id(9)]
    public required DateTimeOffset FailedAt { get; init; }

    /// <summary>The timeline, oldest first.</summary>
    [Id(10)]
    public required ImmutableArray<MessageEvent> Events { get; init; }

    /// <summary>The campaign that the message was made for; null if it was sent by itself.</summary>
    [Id(11)]
    public Guid? CampaignId { get; init; }
}

/// <summary>Letters that failed alike.</summary>
[GenerateSerializer, Immutable, Alias("notify.DeadLetterGroup")]
public sealed record DeadLetterGroup
{
    /// <summary>The channel that was tried last; null if none was.</summary>
    [Id(0)]
    public Channel? Channel { get; init; }

    /// <summary>Why they failed.</summary>
    [Id(1)]
    public required string Reason { get; init; }

    /// <summary>The template's name.</summary>
    [Id(2)]
    public required string TemplateName { get; init; }

    /// <summary>How many there are.</summary>
    [Id(3)]
    public required long Count { get; init; }
}
