using System.Collections.Immutable;

namespace OrleansNotify.Templates;

/// <summary>What <c>template.yaml</c> says.</summary>
internal sealed record TemplateManifest
{
    public required string Name { get; init; }

    /// <summary><c>alert</c>, <c>onboarding</c>, <c>dunning</c>, <c>education</c>, …: a label in metrics, and what a user unsubscribes from.</summary>
    public required string Type { get; init; }

    /// <summary>Of a position failure: <c>entry</c>, <c>sl</c> or <c>tp</c>.</summary>
    public string? PositionFailure { get; init; }

    /// <summary>Passes quiet hours (while the user allows it) and unsubscribes, and stands before all others in its lane.</summary>
    public bool Urgent { get; init; }

    /// <summary>Whether a user may unsubscribe from its type: its mails then carry the link and the RFC 8058 headers.</summary>
    public bool Unsubscribable { get; init; }

    public required ImmutableArray<TemplateVariable> Variables { get; init; }
}

/// <summary>A variable that the manifest declares.</summary>
internal sealed record TemplateVariable(string Name, bool Required, string SampleJson, string? DefaultJson);
