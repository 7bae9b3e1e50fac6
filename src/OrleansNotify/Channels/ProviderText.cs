using System.Globalization;
using System.Text;

namespace OrleansNotify.Channels;

/// <summary>What a provider says, made fit for a timeline, a log and a terminal.</summary>
internal static class ProviderText
{
    /// <summary>The longest detail, in characters.</summary>
    public const int MostCharacters = 300;

    /// <summary>Takes out what the provider may have echoed but nobody is to read, replaces what does not print, and cuts.</summary>
    public static string Clean(string text, params ReadOnlySpan<string?> secrets)
    {
        foreach (var secret in secrets)
            if (secret is not null) text = text.Replace(secret, "***", StringComparison.OrdinalIgnoreCase);
        StringBuilder clean = new(Math.Min(text.Length, MostCharacters));
        foreach (var rune in text.EnumerateRunes())
        {
            var visible = Prints(rune) ? rune : new Rune(' ');
            if (clean.Length + visible.Utf16SequenceLength > MostCharacters) break;
            clean.Append(visible);
        }

        return clean.ToString().Trim();
    }

    // The format characters turn the reading direction of what follows them.
    private static bool Prints(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
