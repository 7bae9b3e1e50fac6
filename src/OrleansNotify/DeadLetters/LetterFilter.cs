using OrleansNotify.Channels;
using OrleansNotify.Users;
using OrleansNotify.Users.Validation;

namespace OrleansNotify.DeadLetters;

/// <summary>What a filter must be, and what a list of letters is asked for by it. It may come from any silo client: nothing in it is believed.</summary>
internal static class LetterFilter
{
    private const int LongestReason = ProviderText.MostCharacters, LongestName = 64;

    /// <summary>What is wrong with a filter, by field; empty when all is well.</summary>
    public static IReadOnlyDictionary<string, string[]> Check(DeadLetterFilter filter) => FieldProblems.Of(
        ("user_id", filter.UserId is { } user ? OfUser(user, filter) : null),
        ("channel", filter.Channel is { } channel ? FieldProblems.OfEnum(channel) : null),
        ("reason", filter.Reason is { } reason ? FieldProblems.OfText(reason, LongestReason) : null),
        ("template_name", filter.TemplateName is { } name ? FieldProblems.OfText(name, LongestName) : null),
        ("to", filter.To < filter.From ? "Must not be before from." : null));

    /// <summary>Whether it names any part of a group.</summary>
    public static bool IsByGroup(this DeadLetterFilter filter) => filter is not { Channel: null, Reason: null, TemplateName: null };

    /// <summary>The filter without what is younger than a time.</summary>
    public static DeadLetterFilter Until(this DeadLetterFilter filter, DateTimeOffset time) => filter.To < time ? filter : filter with { To = time };

    /// <summary>The oldest and the newest score that it takes.</summary>
    public static (long Oldest, long Newest) Scores(this DeadLetterFilter filter) =>
        ((filter.From ?? DateTimeOffset.MinValue).ToUnixTimeMilliseconds(), (filter.To ?? DateTimeOffset.MaxValue).ToUnixTimeMilliseconds());

    private static string? OfUser(string user, DeadLetterFilter filter)
    {
        if (filter.IsByGroup()) return "Cannot go together with channel, reason or template_name.";
        return UserId.IsValid(user) ? null : UserId.Rule;
    }
}
