using System.Collections.Immutable;
using OrleansNotify.Templates;

namespace OrleansNotify.Host.Api.Templates;

/// <summary>A type of messages: what a user unsubscribes from.</summary>
/// <param name="Type">Its name.</param>
/// <param name="Description">What messages of this type there are.</param>
/// <param name="Unsubscribable">Whether their mails carry a link to unsubscribe.</param>
/// <param name="HasUrgent">Whether some of them are urgent, which come to those as well who have unsubscribed.</param>
internal sealed record TemplateType(string Type, string Description, bool Unsubscribable, bool HasUrgent)
{
    /// <summary>The types of these templates.</summary>
    public static ImmutableArray<TemplateType> Of(IEnumerable<MessageTemplate> templates) =>
    [
        .. templates.Select(template => template.Manifest)
            .OrderBy(manifest => manifest.Name, StringComparer.Ordinal)
            .GroupBy(manifest => manifest.Type)
            .OrderBy(type => type.Key, StringComparer.Ordinal)
            .Select(type => new TemplateType(
                type.Key,
                string.Join(' ', type.Select(manifest => manifest.Description).Distinct()),
                type.Any(manifest => manifest.Unsubscribable),
                type.Any(manifest => manifest.Urgent))),
    ];
}
