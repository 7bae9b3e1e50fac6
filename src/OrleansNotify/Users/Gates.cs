namespace OrleansNotify.Users;

/// <summary>What a user's preferences say of a message, whatever the channel.</summary>
internal static class Gates
{
    /// <summary>The first reason why the user does not want this message; null if there is none.</summary>
    public static string? SkipReason(Message message, Situation at)
    {
        var preferences = at.Profile.Preferences;
        var manifest = at.Template?.Manifest;
        if (manifest is { Urgent: false } && preferences.UnsubscribedTypes.Contains(manifest.Type)) return Reasons.Unsubscribed;
        if (!Enabled(preferences.AlertTypesEnabled, message.AlertType)) return Reasons.AlertTypeDisabled;
        if (message.Instrument is { } instrument && !Enabled(preferences.InstrumentsEnabled, instrument)) return Reasons.InstrumentDisabled;
        return null;
    }

    private static bool Enabled(IReadOnlyCollection<string> list, string name) => list.Count == 0 || list.Contains(name);
}
