using System.Text.Json;
using OrleansNotify.Templates;

namespace OrleansNotify.Users.Validation;

/// <summary>What a request must be before anything is decided about it. It may come from any silo client: nothing in it is believed.</summary>
internal static class RequestRules
{
    /// <summary>The largest variables, in bytes of UTF-8.</summary>
    public const int MostVarBytes = 16 * 1024;

    private const int LongestKey = 128, LongestName = 64;

    /// <summary>How far ahead a request may ask to be sent, or to expire: what lies in an outbox for longer is a mistake of somebody.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(365);

    /// <summary>What is wrong with a request, by field; empty when all is well.</summary>
    /// <param name="request">The request.</param>
    /// <param name="template">The template that it names; null if there is none.</param>
    /// <param name="templates">All templates.</param>
    /// <param name="now">The wall clock's time.</param>
    public static IReadOnlyDictionary<string, string[]> Check(
        SendRequest request, MessageTemplate? template, TemplateCatalog templates, DateTimeOffset now)
    {
        var varsProblem = OfVars(request.TemplateVars);
        var errors = FieldProblems.Of(
            ("template_name", template is null ? OfMissing(request.TemplateName, templates) : null),
            ("template_vars", varsProblem),
            ("channel", request.Channel is { } channel ? OfChannel(channel, template) : null),
            ("priority", FieldProblems.OfEnum(request.Priority)),
            ("idempotency_key", OfOptional(request.IdempotencyKey, LongestKey)),
            ("instrument", OfOptional(request.Instrument, LongestName)),
            ("alert_type", OfOptional(request.AlertType, LongestName)),
            ("send_at", OfTime(request.SendAt, now)),
            ("expires_at", OfTime(request.ExpiresAt, now)));
        if (template is null || varsProblem is not null) return errors;
        var missing = template.Validate(request.TemplateVars);
        return errors.Count == 0 ? missing : errors.Concat(missing).ToDictionary();
    }

    private static string OfMissing(string? name, TemplateCatalog templates) => string.IsNullOrEmpty(name)
        ? "Is required: the name of a template."
        : $"There is no such template. The nearest names are: {string.Join(", ", NearNames.Of(name, templates.All.Select(each => each.Manifest.Name)))}.";

    private static string? OfVars(TemplateVars? vars)
    {
        // What a silo client sends has not gone through TemplateVars.Parse.
        if (vars?.Json is not { } json) return "Must be an object.";
        if (vars.SizeInBytes > MostVarBytes) return $"Must be at most {MostVarBytes} bytes: pass the longer texts by a link.";
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object ? null : "Must be an object.";
        }
        catch (JsonException)
        {
            return "Is not JSON, or nested too deep.";
        }
    }

    private static string? OfChannel(Channel channel, MessageTemplate? template)
    {
        if (FieldProblems.OfEnum(channel) is { } unknown) return unknown;
        return template is null || template.Has(channel) ? null : $"The template has no part for this channel. It has: {Parts(template)}.";
    }

    private static string Parts(MessageTemplate template) =>
        string.Join(", ", Enum.GetValues<Channel>().Where(template.Has)).ToLowerInvariant();

    private static string? OfOptional(string? text, int longest) => text is null ? null : FieldProblems.OfText(text, longest);

    private static string? OfTime(DateTimeOffset? time, DateTimeOffset now) =>
        time - now > Ahead ? $"Must be at most {Ahead.Days} days ahead." : null;
}
