using System.Text.RegularExpressions;

namespace OrleansNotify.Delivery;

/// <summary>What a provider answered, made fit for a timeline, a log and a terminal.</summary>
internal static partial class ProviderText
{
    private const int Most = 300;

    /// <summary>One line of at most 300 characters, without control characters and without the recipient's address.</summary>
    public static string Clean(string text, string? address = null)
    {
        var line = Unprintable().Replace(text, " ").Trim();
        if (address is not null) line = line.Replace(address, "(address)", StringComparison.OrdinalIgnoreCase);
        return line.Length <= Most ? line : line[..Most];
    }

    // Surrogates are among them: so a cut never leaves half a character.
    [GeneratedRegex(@"[\p{C}\p{Z}]+")]
    private static partial Regex Unprintable();
}
