using System.Globalization;

namespace OrleansNotify.Templates;

/// <summary>Makes a message fit by cutting its longest texts; neither the markup around them nor addresses and numbers are ever cut.</summary>
internal static class Shortening
{
    /// <summary>
    /// What is no longer than this is never cut: an id, a date or an amount that lacks its end is wrong, and the longest of them, a
    /// transaction's hash, has 66 characters.
    /// </summary>
    public const int Shortest = 80;

    /// <summary>Cuts a text to a length in UTF-16 units, the ending included, between characters as a person sees them.</summary>
    public static string Cut(string text, int length, string ending = "…")
    {
        if (text.Length <= length) return text;
        var kept = 0;
        while (true)
        {
            var next = StringInfo.GetNextTextElementLength(text, kept);
            if (kept + next + ending.Length > length) return text[..kept] + ending;
            kept += next;
        }
    }

    /// <summary>The message as it is, or else with its texts cut to the greatest length with which it fits.</summary>
    /// <param name="most">How long a text may be at most in a message that fits.</param>
    /// <param name="render">Makes the message with texts of at most this length.</param>
    /// <param name="fits">Whether it fits.</param>
    /// <returns>The message, or the shortest one that there is, which does not fit.</returns>
    public static (T Message, bool Fits) Fit<T>(int most, Func<int, T> render, Func<T, bool> fits)
        where T : class
    {
        var message = render(int.MaxValue);
        if (fits(message)) return (message, true);
        message = render(Shortest);
        if (!fits(message)) return (message, false);
        int low = Shortest + 1, high = most;
        while (low <= high)
        {
            var middle = low + (high - low) / 2;
            var longer = render(middle);
            if (fits(longer)) (message, low) = (longer, middle + 1);
            else high = middle - 1;
        }

        return (message, true);
    }
}
