namespace OrleansNotify.Users.Validation;

/// <summary>Finds what a caller may have meant by a name that does not exist.</summary>
internal static class NearNames
{
    private const int Most = 5;

    // The work grows with the name's length, which is the caller's.
    private const int LongestName = 64;

    /// <summary>Up to five of the known names, the nearest first: those that the fewest changes of a character lead to.</summary>
    public static IReadOnlyList<string> Of(string name, IEnumerable<string> known)
    {
        var start = name[..Math.Min(name.Length, LongestName)];
        return [.. known.OrderBy(each => Changes(start, each)).ThenBy(each => each, StringComparer.Ordinal).Take(Most)];
    }

    // Levenshtein's distance, of which one row is kept.
    private static int Changes(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 0; i < from.Length; i++)
        {
            (var diagonal, row[0]) = (row[0], i + 1);
            for (var j = 0; j < to.Length; j++)
            {
                var replaced = from[i] == to[j] ? diagonal : diagonal + 1;
                (diagonal, row[j + 1]) = (row[j + 1], Math.Min(replaced, Math.Min(row[j], row[j + 1]) + 1));
            }
        }

        return row[^1];
    }
}
