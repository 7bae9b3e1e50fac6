using System.Collections.Concurrent;

namespace OrleansNotify.Metrics;

/// <summary>
/// Lets a label have so many different values, all of them short words. Anything else is <c>other</c>: a series lives as long as its process,
/// and what a provider makes us say must not be able to fill it.
/// </summary>
internal sealed class BoundedLabel(int most)
{
    public const string Other = "other";

    private const int LongestWord = 40;

    private readonly ConcurrentDictionary<string, bool> _words = new(StringComparer.Ordinal);

    public string Of(string value)
    {
        if (_words.ContainsKey(value)) return value;
        if (!IsWord(value) || _words.Count >= most) return Other;
        _words.TryAdd(value, true);
        return value;
    }

    private static bool IsWord(string value) =>
        value.Length is > 0 and <= LongestWord && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');
}
