namespace OrleansNotify.Templates.Liquid;

/// <summary>Finds the line of a part's source that a place in its output comes from, by marks that go through the rendering.</summary>
internal static class SourceLines
{
    // Private-use characters, one for each line; a part of more lines says its last mark's.
    private const char First = '\uE000';
    private const int Last = 6399;

    /// <summary>The source with a mark before each literal text.</summary>
    public static string Mark(IEnumerable<LiquidToken> tokens) => string.Concat(tokens.Select(token =>
    {
        var text = token.Source.TrimStart();
        if (token.Tag is not null || text.Length == 0) return token.Source;

        // After its white space, so that white space control still works.
        var space = token.Source[..^text.Length];
        var line = Math.Min(token.Line + space.Count(c => c == '\n'), Last);
        return $"{space}{(char)(First + line)}{text}";
    }));

    /// <summary>The line.</summary>
    /// <param name="marked">What the marked source rendered to.</param>
    /// <param name="offset">The place in what the source itself renders to.</param>
    public static int Find(string marked, int offset)
    {
        var line = 1;
        foreach (var c in marked)
        {
            if (c is >= First and <= (char)(First + Last))
            {
                line = c - First;
                continue;
            }

            if (offset-- == 0) break;
            if (c == '\n') line++;
        }

        return line;
    }
}
