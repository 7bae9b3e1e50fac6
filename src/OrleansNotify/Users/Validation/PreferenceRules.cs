using System.Collections.Immutable;

namespace OrleansNotify.Users.Validation;

/// <summary>What a user's preferences must be before they are stored. They may come from any silo client: nothing in them is believed.</summary>
internal static class PreferenceRules
{
    /// <summary>Entries of a list.</summary>
    public const int LongestList = 200;

    private const int LongestName = 64;

    /// <summary>What is wrong with preferences, by field; empty when all is well.</summary>
    public static IReadOnlyDictionary<string, string[]> Check(Preferences preferences) => FieldProblems.Of(
        ("channels", preferences.Channels is null ? "Must be an object." : null),
        ("instruments_enabled", OfList(preferences.InstrumentsEnabled)),
        ("alert_types_enabled", OfList(preferences.AlertTypesEnabled)),
        ("unsubscribed_types", OfList(preferences.UnsubscribedTypes)),
        ("quiet_hours", preferences.QuietHours is null ? "Must be an object." : null),
        ("quiet_hours.start", OfMinute(preferences.QuietHours?.Start)),
        ("quiet_hours.end", OfMinute(preferences.QuietHours?.End)),
        ("quiet_hours.time_zone", preferences.QuietHours is { } hours ? OfZone(hours.TimeZone) : null),
        ("fallback_order", OfOrder(preferences.FallbackOrder)));

    /// <summary>What is wrong with the name of a template type; null if nothing is.</summary>
    public static string? OfType(string type) => FieldProblems.OfText(type, LongestName);

    private static string? OfList(ImmutableArray<string> list) =>
        !list.IsDefault && list.Length <= LongestList && list.All(name => FieldProblems.IsText(name, LongestName))
            ? null
            : $"Must be a list of at most {LongestList} texts of 1 to {LongestName} characters without control characters.";

    private static string? OfMinute(TimeOnly? time) =>
        time?.Ticks % TimeSpan.TicksPerMinute > 0 ? "Must be a whole minute, such as 22:00." : null;

    private static string? OfZone(string? zone) =>
        zone is not null && QuietWindow.IsZone(zone) ? null : "Must be the id of an IANA time zone, such as Europe/London or UTC.";

    private static string? OfOrder(ImmutableArray<Channel> order) =>
        !order.IsDefault && order.All(Enum.IsDefined) && order.Distinct().Count() == order.Length
            ? null
            : $"Must be a list that names each of these at most once: {FieldProblems.Names<Channel>()}.";
}
