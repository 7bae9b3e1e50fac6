using System.Text.RegularExpressions;

namespace OrleansNotify.Templates.Liquid;

/// <summary>A piece of a part's source, with the line where it begins: DotLiquid tells no lines.</summary>
/// <param name="Line">Counted from 1.</param>
/// <param name="Source">The piece as it stands.</param>
/// <param name="Tag">The tag's name, such as <c>if</c>; empty for an output; null for literal text.</param>
/// <param name="Markup">What stands in the braces, without the tag's name.</param>
internal sealed partial record LiquidToken(int Line, string Source, string? Tag, string Markup = "")
{
    /// <summary>Cuts a source as DotLiquid does.</summary>
    /// <param name="source">The part's text.</param>
    /// <param name="unclosed">The line of a tag or an output that has no end, after which nothing was read; 0 if there is none.</param>
    public static List<LiquidToken> Read(string source, out int unclosed)
    {
        var tokens = new List<LiquidToken>();
        var (at, line) = (0, 1);
        unclosed = 0;
        while (at < source.Length)
        {
            var begin = Beginning().Match(source, at);
            Add(begin.Success ? begin.Index : source.Length, null, "");
            if (!begin.Success) break;
            var braces = Braces().Match(source, at);
            if (!braces.Success)
            {
                unclosed = line;
                break;
            }

            var tag = braces.Groups["tag"];
            var name = tag.Success ? tag.Value : "";
            Add(at + braces.Length, name, braces.Groups["markup"].Value.Trim());
            if (name is not ("raw" or "comment")) continue;
            var end = Regex.Match(source[at..], $@"\{{%-?\s*end{name}\s*-?%\}}");
            Add(end.Success ? at + end.Index : source.Length, null, "");
        }

        return tokens;

        void Add(int end, string? tag, string markup)
        {
            if (end == at) return;
            var piece = source[at..end];
            tokens.Add(new LiquidToken(line, piece, tag, markup));
            line += piece.Count(c => c == '\n');
            at = end;
        }
    }

    [GeneratedRegex(@"\{\{|\{%")]
    private static partial Regex Beginning();

    [GeneratedRegex("""
        \G(?:\{\{-?(?<markup>(?:"[^"]*"|'[^']*'|(?!-?\}\})[^"'])*)-?\}\}
        |\{%-?\s*(?<tag>\w*)(?<markup>(?:"[^"]*"|'[^']*'|(?!-?%\})[^"'])*)-?%\})
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Braces();
}
