namespace OrleansNotify.Delivery;

/// <summary>Who was asked to come later within the last moments: one alone is that person's affair, three together are the provider's.</summary>
internal sealed class BusyTogether
{
    private const int Many = 3;

    private static readonly TimeSpan Together = TimeSpan.FromSeconds(5);

    private readonly List<(object Provider, string Person, DateTimeOffset At, DateTimeOffset Until)> _lately = [];

    /// <summary>One more; answers until when the provider is busy, where this is the third person within five seconds.</summary>
    public DateTimeOffset? Note(object provider, string person, TimeSpan wait, DateTimeOffset now)
    {
        _lately.RemoveAll(busy => now - busy.At > Together || (busy.Provider.Equals(provider) && busy.Person == person));
        _lately.Add((provider, person, now, now + Pauses.Clamp(wait)));
        var those = _lately.Where(busy => busy.Provider.Equals(provider)).ToList();
        if (those.Count < Many) return null;
        _lately.RemoveAll(busy => busy.Provider.Equals(provider));
        return those.Max(busy => busy.Until);
    }
}
