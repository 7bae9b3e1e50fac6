using CsCheck;
using OrleansNotify.Templates.Liquid;

namespace OrleansNotify.Tests.Templates;

/// <summary>Hostile variables.</summary>
internal static class Values
{
    private static readonly Gen<string> Piece = Gen.OneOf(
        Gen.OneOf(
            "\"", "'", "<b>", "</p>", "<!--", "&amp;", "&", "\n", "\r\n", "\r", "\t", "\0", "\\", "{{ name }}", "{% if x %}", "{%", "}}", "_", "*", "__",
            "||", "```", "`", "[", "](", ")", ">", "~", "#", "+", "-", "=", "|", "{", "}", ".", "!", "![", "\u202E", "\u2066", "\u2028", "\u0085", "\uD83D",
            "\uDEA8", "🚨", "👨‍👩‍👧", "é", "日本", "\uFFFF", " ", "  ", "0", "1.50", "$&", "javascript:"),
        Gen.String[Gen.Char, 0, 6],
        Gen.String[Gen.Char[' ', '~'], 0, 8]);

    /// <summary>Any text of UTF-16 units, rich in what some format treats specially; at most some 100 units.</summary>
    public static Gen<string> Any { get; } = Piece.Array[0, 8].Select(string.Concat);

    /// <summary>What a person reads of a value: line breaks alike, no control characters, no halves of characters.</summary>
    public static string Readable(string value) => Escaping.Escape(value, Target.Text);
}
