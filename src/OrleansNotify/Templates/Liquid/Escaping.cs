using System.Buffers;
using System.Text;

namespace OrleansNotify.Templates.Liquid;

/// <summary>Makes a value's text harmless for where it goes. What a person would read stays the same.</summary>
internal static class Escaping
{
    // Telegram lets a backslash escape any character from 1 to 126 in text, in code and in a link's address alike, so one rule serves all
    // three. A line break is escaped too: bare, it would end a block quotation together with what is open in it.
    private const string MarkdownV2Reserved = "\\_*[]()~`>#+-=|{}.!\n";

    // Everything that some target treats specially, or that no message should carry; a text without any goes out as it is.
    private static readonly SearchValues<char> Special = SearchValues.Create(
        [.. Enumerable.Range(0, char.MaxValue + 1).Select(code => (char)code)
            .Where(c => char.IsSurrogate(c) || IsUnwanted(c) || "&<\"'\t\r".Contains(c) || MarkdownV2Reserved.Contains(c))]);

    /// <summary>Escapes a text.</summary>
    public static string Escape(string value, Target target)
    {
        var first = value.AsSpan().IndexOfAny(Special);
        if (first < 0) return value;
        var result = new StringBuilder(value.Length + 16).Append(value, 0, first);
        var rest = value.AsSpan(first);
        while (!rest.IsEmpty)
        {
            // Half a surrogate pair comes out as U+FFFD.
            Rune.DecodeFromUtf16(rest, out var rune, out var length);
            rest = rest[length..];
            if (rune.Value == '\r')
            {
                if (rest.IsEmpty || rest[0] != '\n') Append(result, new Rune('\n'), target);
            }
            else if (!IsUnwanted(rune.Value))
            {
                Append(result, rune, target);
            }
        }

        return result.ToString();
    }

    private static void Append(StringBuilder result, Rune rune, Target target)
    {
        switch (target)
        {
            case Target.Subject when rune.Value is '\n' or '\t':
                result.Append(' ');
                break;
            case Target.Html when rune.Value is '&' or '<' or '>' or '"' or '\'':
                result.Append(rune.Value switch { '&' => "&amp;", '<' => "&lt;", '>' => "&gt;", '"' => "&quot;", _ => "&#39;" });
                break;
            case Target.MarkdownV2 when rune.IsBmp && MarkdownV2Reserved.Contains((char)rune.Value, StringComparison.Ordinal):
                result.Append('\\').Append((char)rune.Value);
                break;
            case Target.Json when rune.Value is '"' or '\\':
                result.Append('\\').Append((char)rune.Value);
                break;
            case Target.Json when rune.Value is '\n':
                result.Append("\\n");
                break;
            case Target.Json when rune.Value is '\t':
                result.Append("\\t");
                break;
            default:
                result.Append(rune.ToString());
                break;
        }
    }

    /// <summary>
    /// Control characters but for tab and line break; what Unicode keeps from interchange; line and paragraph separators (Telegram takes
    /// those out itself); and the embeddings, overrides and isolates of bidirectional text: left open in a value they turn round what follows it.
    /// </summary>
    private static bool IsUnwanted(int code) => code switch
    {
        '\t' or '\n' or '\r' => false,
        >= 0x2028 and <= 0x202E or >= 0x2066 and <= 0x2069 => true,
        >= 0xFDD0 and <= 0xFDEF => true,
        _ => (code & 0xFFFE) == 0xFFFE || code < 0x20 || code is >= 0x7F and < 0xA0,
    };
}
