namespace OrleansNotify.Users;

/// <summary>Whether two things show the same, whatever their versions: a record compares its lists by their place in memory.</summary>
internal static class Sameness
{
    public static bool IsSame(this UserView a, UserView b) =>
        a.Disabled.SequenceEqual(b.Disabled) && a.PushSubscriptions.SequenceEqual(b.PushSubscriptions) && WithoutLists(a) == WithoutLists(b);

    public static bool IsSame(this Preferences a, Preferences b) =>
        a.InstrumentsEnabled.SequenceEqual(b.InstrumentsEnabled)
        && a.AlertTypesEnabled.SequenceEqual(b.AlertTypesEnabled)
        && a.UnsubscribedTypes.SequenceEqual(b.UnsubscribedTypes)
        && a.FallbackOrder.SequenceEqual(b.FallbackOrder)
        && WithoutLists(a) == WithoutLists(b);

    private static UserView WithoutLists(UserView view) => view with { Disabled = [], PushSubscriptions = [], Version = 0 };

    private static Preferences WithoutLists(Preferences preferences) => preferences with
    {
        InstrumentsEnabled = [],
        AlertTypesEnabled = [],
        UnsubscribedTypes = [],
        FallbackOrder = [],
        Version = 0,
    };
}
