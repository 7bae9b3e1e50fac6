using System.Collections.Immutable;

namespace OrleansNotify.Users.Validation;

/// <summary>What preferences must be.</summary>
internal static class PreferenceRules
{
    private const int MostEntries = 200, LongestName = 64;

    public static IReadOnlyDictionary<string, string[]> Check(Preferences preferences)
    {
        Errors errors = new();
        CheckNames(errors, "instruments_enabled", preferences.InstrumentsEnabled);
        CheckNames(errors, "alert_types_enabled", preferences.AlertTypesEnabled);
        CheckNames(errors, "unsubscribed_types", preferences.UnsubscribedTypes);
        errors.If(preferences.Channels is null, "channels", "is missing");
        errors.If(
            preferences.QuietHours is null || !QuietWindow.IsZone(preferences.QuietHours.TimeZone ?? ""),
            "quiet_hours.time_zone",
            "is not an IANA time zone such as Europe/London");
        var order = preferences.FallbackOrder;
        errors.If(
            order.IsDefault || !order.All(Enum.IsDefined) || order.Distinct().Count() != order.Length,
            "fallback_order",
            "must name each of push, telegram and email at most once");
        return errors.All;
    }

    private static void CheckNames(Errors errors, string field, ImmutableArray<string> names) => errors.If(
        names.IsDefault || names.Length > MostEntries || !names.All(name => Errors.IsName(name, LongestName)),
        field,
        $"must be a list of at most {MostEntries} names of 1 to {LongestName} characters");
}
