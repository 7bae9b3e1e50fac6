using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace OrleansNotify.Channels.Email;

/// <summary>The addresses that a mail can be sent to.</summary>
internal static partial class EmailAddress
{
    // RFC 5321 section 4.5.3.1.3: a path has 256 characters, two of them the angle brackets.
    private const int Longest = 254;

    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    /// <summary>
    /// Takes one plain <c>local@domain</c>, without a display name, quotes or comments, whose domain has a dot. The domain may be
    /// international and comes out in ASCII and lower case; the local part stays as it is, and must be ASCII.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out string? address)
    {
        address = null;
        if (text is null || text.Length > Longest || ToAscii(text) is not { } ascii || !Form().IsMatch(ascii)) return false;
        address = ascii;
        return true;
    }

    private static string? ToAscii(string text)
    {
        var at = text.IndexOf('@') + 1;
        var domain = text[at..].ToLowerInvariant();
        try
        {
            return International().IsMatch(domain) ? text[..at] + Idn.GetAscii(domain) : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    // No accents on their own: the name's registered form has them within its letters, and nothing here puts them together.
    [GeneratedRegex(@"^[\p{L}\p{M}\p{Nd}.\u3002\--[\u0300-\u036F]]+\z")]
    private static partial Regex International();

    [GeneratedRegex("""
        ^(?=.{1,64}@)(?=.{3,254}\z)
        [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*
        @([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])\z
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
