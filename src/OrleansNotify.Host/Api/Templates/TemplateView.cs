using System.Collections.Immutable;
using System.Text.Json;
using OrleansNotify.Templates;

namespace OrleansNotify.Host.Api.Templates;

/// <summary>A template, as its manifest describes it.</summary>
internal sealed record TemplateView
{
    /// <summary>What requests call it.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for.</summary>
    public required string Description { get; init; }

    /// <summary><c>alert</c>, <c>onboarding</c>, <c>dunning</c>, <c>education</c>, …: what a user unsubscribes from.</summary>
    public required string Type { get; init; }

    /// <summary>Of a position failure: <c>entry</c>, <c>sl</c> or <c>tp</c>.</summary>
    public string? PositionFailure { get; init; }

    /// <summary>Whether it passes quiet hours and stands before all others.</summary>
    public required bool Urgent { get; init; }

    /// <summary>Whether a user may unsubscribe from its type.</summary>
    public required bool Unsubscribable { get; init; }

    /// <summary>The channels that it has a part for.</summary>
    public required ImmutableArray<Channel> Channels { get; init; }

    /// <summary>The languages that it has parts of its own for, beside its default parts.</summary>
    public required ImmutableArray<string> Locales { get; init; }

    /// <summary>Its variables.</summary>
    public required ImmutableArray<TemplateVariableView> Variables { get; init; }

    public static TemplateView Of(MessageTemplate template) => new()
    {
        Name = template.Manifest.Name,
        Description = template.Manifest.Description,
        Type = template.Manifest.Type,
        PositionFailure = template.Manifest.PositionFailure,
        Urgent = template.Manifest.Urgent,
        Unsubscribable = template.Manifest.Unsubscribable,
        Channels = [.. Enum.GetValues<Channel>().Where(template.Has)],
        Locales = [.. template.Locales.Order(StringComparer.Ordinal)],
        Variables =
        [
            .. template.Manifest.Variables.Select(variable => new TemplateVariableView(
                variable.Name,
                variable.Required,
                JsonElement.Parse(variable.SampleJson),
                variable.DefaultJson is { } value ? JsonElement.Parse(value) : null,
                variable.Description)),
        ],
    };
}

/// <summary>A variable of a template.</summary>
/// <param name="Name">Its name in <c>template_vars</c>.</param>
/// <param name="Required">Whether a request without it is rejected.</param>
/// <param name="Sample">What a preview shows.</param>
/// <param name="Default">What stands in where it is missing.</param>
/// <param name="Description">What it is.</param>
internal sealed record TemplateVariableView(string Name, bool Required, JsonElement Sample, JsonElement? Default, string Description);
