using OrleansNotify.Templates;
using OrleansNotify.Users;
using OrleansNotify.Users.Validation;

namespace OrleansNotify.Campaigns;

/// <summary>What a campaign and its recipients must be.</summary>
internal static class CampaignRules
{
    /// <summary>Why a recipient's line is not sent to when the user is in the audience already.</summary>
    public const string Duplicate = "duplicate_recipient";

    /// <summary>Wrong lines of an audience that are passed over, however few are right.</summary>
    public const int MostWrong = 1000;

    private const int LongestName = 100, MostBatch = 1000, MostRate = 1_000_000;

    private static readonly TimeSpan Ahead = TimeSpan.FromDays(365);

    /// <summary>The request that a recipient's message is made of.</summary>
    public static SendRequest RequestOf(CampaignSettings settings, TemplateVars vars) => new()
    {
        TemplateName = settings.TemplateName,
        TemplateVars = vars,
        Channel = settings.Channel,
        Fallback = settings.Fallback,
        Priority = Priority.Campaign,
        ExpiresAt = settings.ExpiresAt,
    };

    /// <summary>What is wrong with the settings, by field; empty when all is well.</summary>
    public static IReadOnlyDictionary<string, string[]> Check(CampaignSettings settings, TemplateCatalog templates, DateTimeOffset now)
    {
        var template = templates.Find(settings.TemplateName);
        // Variables are every recipient's own: here the template's samples stand for them.
        var request = RequestRules.Check(RequestOf(settings, template?.SampleVars ?? TemplateVars.Empty), template, templates, now);
        var own = FieldProblems.Of(
            ("name", FieldProblems.OfText(settings.Name, LongestName)),
            ("batch_size", OfNumber(settings.BatchSize, MostBatch)),
            ("rate", settings.Rate is { } rate ? OfNumber(rate, MostRate) : null),
            ("start_at", settings.StartAt - now > Ahead ? $"Must be at most {Ahead.Days} days ahead." : null),
            ("expires_at", settings.ExpiresAt <= (settings.StartAt > now ? settings.StartAt : now) ? "Must be after the start." : null));
        return own.Count == 0 ? request : request.Concat(own).DistinctBy(error => error.Key).ToDictionary();
    }

    /// <summary>What is wrong with a recipient; null when all is well.</summary>
    public static string? Check(CampaignRecipient recipient, CampaignSettings settings, TemplateCatalog templates, DateTimeOffset now)
    {
        if (!UserId.IsValid(recipient.UserId)) return "user_id: " + UserId.Rule;
        var errors = RequestRules.Check(RequestOf(settings, recipient.Vars), templates.Find(settings.TemplateName), templates, now);
        return errors.Count == 0 ? null : string.Join(" ", errors.Select(error => $"{error.Key.Replace("template_vars", "vars", StringComparison.Ordinal)}: {string.Join(" ", error.Value)}"));
    }

    /// <summary>Whether an audience is not gone on with: most of it is wrong, and not by a slip.</summary>
    public static bool IsHopeless(int wrong, int right) => wrong > MostWrong && wrong > right;

    private static string? OfNumber(int number, int most) => number >= 1 && number <= most ? null : $"Must be 1 to {most}.";
}
