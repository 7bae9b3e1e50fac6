using System.Collections.Immutable;
using OrleansNotify.Users.Validation;

namespace OrleansNotify.Host.Api.Campaigns;

/// <summary>A campaign as it is asked for: its settings, and in JSON its audience.</summary>
internal sealed record CampaignBody : CampaignSettings
{
    private const int LongestKey = 128;

    /// <summary>1 to 128 characters that name the campaign: the same key again answers the first campaign's receipt, and sends nothing.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Whom it goes to.</summary>
    public required ImmutableArray<RecipientBody> Audience { get; init; }

    /// <summary>What is wrong with the key; empty where nothing is.</summary>
    public IReadOnlyDictionary<string, string[]> Errors() =>
        FieldProblems.Of(("idempotency_key", IdempotencyKey is null ? null : FieldProblems.OfText(IdempotencyKey, LongestKey)));

    /// <summary>What the campaign's grain is asked: a grain knows its key.</summary>
    public CampaignSettings Settings() => new()
    {
        Name = Name,
        TemplateName = TemplateName,
        Channel = Channel,
        Fallback = Fallback,
        BatchSize = BatchSize,
        StartAt = StartAt,
        ExpiresAt = ExpiresAt,
        Rate = Rate,
    };
}

/// <summary>One of an audience.</summary>
internal sealed record RecipientBody
{
    /// <summary>The user: 1 to 128 printable ASCII characters without spaces.</summary>
    public required string UserId { get; init; }

    /// <summary>The template's variables for this user, at most 16 KiB.</summary>
    public TemplateVars Vars { get; init; } = TemplateVars.Empty;
}
