using System.Globalization;

namespace OrleansNotify.RateLimiting;

/// <summary>At most <paramref name="Count"/> sends in any window of length <paramref name="Window"/>, over the whole cluster.</summary>
internal sealed record RateLimit(int Count, TimeSpan Window)
{
    /// <summary>The window that permits are counted in: 5 % longer than the limit's, for a permit may be used that much later.</summary>
    public TimeSpan GrantWindow => Window * 1.05;

    /// <summary>How long a permit is good for.</summary>
    public TimeSpan PermitLife => Window * 0.05;

    /// <summary>Permits that campaign messages leave to transactional ones.</summary>
    public int Reserve => Count == 1 ? 0 : Math.Max(1, Count / 20);

    /// <summary>The time between two campaign permits.</summary>
    public TimeSpan Spacing => GrantWindow / (Count - Reserve);

    /// <summary>
    /// How late a campaign permit may be given without costing rate, for a busy machine is now and then late by more than the time between two.
    /// </summary>
    public TimeSpan Lateness => Window / 4;

    /// <summary>Reads <c>20/1s</c>, <c>100/1m</c> or <c>1000/1h</c>; null is <c>off</c>.</summary>
    public static bool TryParse(string text, out RateLimit? limit)
    {
        limit = null;
        if (text == "off") return true;
        if (text.Split('/') is not [var count, var window] || !TryNumber(count, 1_000_000, out var most)) return false;
        if (window.Length < 2 || !TryNumber(window[..^1], 1000, out var length) || UnitOf(window[^1]) is not { } unit) return false;
        limit = new RateLimit(most, unit * length);
        return limit.Window <= TimeSpan.FromDays(1);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Count} in {Window.TotalSeconds:0.###} s");

    private static bool TryNumber(string text, int most, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= 1 && number <= most;

    private static TimeSpan? UnitOf(char unit) => unit switch
    {
        's' => TimeSpan.FromSeconds(1),
        'm' => TimeSpan.FromMinutes(1),
        'h' => TimeSpan.FromHours(1),
        _ => null,
    };
}
