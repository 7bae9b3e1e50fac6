namespace OrleansNotify.Users;

/// <summary>What a user's preferences say of a message, whatever the channel.</summary>
internal static class Gates
{
    /// <summary>The first reason why the user does not want this message; null if there is none.</summary>
    public static string? SkipReason(Message message, Situation at) => All(message, at).FirstOrDefault(verdict => verdict.Reason is not null).Reason;

    /// <summary>Every gate in the order in which they are asked, with its verdict. One is asked only when its turn has come.</summary>
    public static IEnumerable<Verdict> All(Message message, Situation at)
    {
        var preferences = at.Profile.Preferences;
        yield return new("type", IsUnsubscribed(preferences, at) ? Reasons.Unsubscribed : null);
        yield return new("alert_type", IsEnabled(preferences.AlertTypesEnabled, message.AlertType) ? null : Reasons.AlertTypeDisabled);
        yield return new("instrument", IsEnabled(preferences.InstrumentsEnabled, message.Instrument) ? null : Reasons.InstrumentDisabled);
    }

    private static bool IsUnsubscribed(Preferences preferences, Situation at) =>
        at.Template?.Manifest is { Urgent: false, Type: var type } && preferences.UnsubscribedTypes.Contains(type);

    private static bool IsEnabled(IReadOnlyCollection<string> list, string? name) => name is null || list.Count == 0 || list.Contains(name);
}

/// <summary>What a gate says of a message.</summary>
/// <param name="Gate">Its name.</param>
/// <param name="Reason">Why the message does not pass; null if it does.</param>
internal readonly record struct Verdict(string Gate, string? Reason);
