using System.Globalization;
using DotLiquid;

namespace OrleansNotify.Templates;

/// <summary>Makes a message fit by cutting its longest values; the markup around them is never cut.</summary>
internal static class Shortening
{
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

    /// <summary>The message with all texts cut to the greatest length with which it fits; null if it never does.</summary>
    public static T? Fit<T>(Hash variables, Func<Hash, T> render, Func<T, bool> fits)
        where T : class
    {
        T? best = null;
        int low = 0, high = Longest(variables) - 1;
        while (low <= high)
        {
            var middle = low + (high - low) / 2;
            var message = render(Cap(variables, middle));
            if (fits(message)) (best, low) = (message, middle + 1);
            else high = middle - 1;
        }

        return best;
    }

    private static int Longest(object? value) => value switch
    {
        string text => text.Length,
        Hash map => map.Values.Select(Longest).DefaultIfEmpty().Max(),
        List<object?> list => list.Select(Longest).DefaultIfEmpty().Max(),
        _ => 0,
    };

    private static Hash Cap(Hash variables, int length) =>
        (Hash)TemplateModel.Map(variables, value => value is string text ? Cut(text, length) : value)!;
}
