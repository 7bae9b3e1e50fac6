using System.Collections.Immutable;

namespace OrleansNotify.Templates;

/// <summary>What <c>template.yaml</c> says.</summary>
internal sealed record TemplateManifest
{
    public required string Name { get; init; }

    /// <summary><c>alert</c>, <c>onboarding</c>, <c>dunning</c>, <c>education</c>, …: a label in metrics, and what a user unsubscribes from.</summary>
    public required string Type { get; init; }

    /// <summary>What the template is for, in a sentence; empty where the manifest says nothing.</summary>
    public string Description { get; init; } = "";

    /// <summary>Of a position failure: <c>entry</c>, <c>sl</c> or <c>tp</c>.</summary>
    public string? PositionFailure { get; init; }

    /// <summary>Passes quiet hours (while the user allows it) and unsubscribes, and stands before all others in its lane.</summary>
    public bool Urgent { get; init; }

    /// <summary>Whether a user may unsubscribe from its type: its mails then carry the link and the RFC 8058 headers.</summary>
    public bool Unsubscribable { get; init; }

    public required ImmutableArray<TemplateVariable> Variables { get; init; }

    /// <summary>The samples of all variables.</summary>
    public TemplateVars SampleVars => TemplateVars.Parse(
        $"{{{string.Join(',', Variables.Select(variable => $"\"{variable.Name}\":{variable.SampleJson}"))}}}");
}

/// <summary>A variable that the manifest declares.</summary>
/// <param name="Name">How templates and requests call it.</param>
/// <param name="Required">Whether a request without it is rejected.</param>
/// <param name="SampleJson">A value for previews and the checks at start; it says whether the variable is a list, an object or neither.</param>
/// <param name="DefaultJson">What an optional variable is when it is missing; null for nothing.</param>
/// <param name="Description">What it is, in a sentence; empty where the manifest says nothing.</param>
internal sealed record TemplateVariable(string Name, bool Required, string SampleJson, string? DefaultJson, string Description = "");
