using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using MimeKit;

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

        // The mail library keeps a domain in its Unicode form and makes the ASCII form anew; where that is another one
        // (xn--strae-oqa.example becomes strasse.example), the mail would go to somebody else.
        if (new MailboxAddress("", ascii).GetAddress(idnEncode: true) != ascii) return false;
        address = ascii;
        return true;
    }

    private static string? ToAscii(string text)
    {
        var domain = text.IndexOf('@') + 1;
        try
        {
            return text[..domain] + Idn.GetAscii(text, domain).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    [GeneratedRegex("""
        ^(?=.{1,64}@)(?=.{3,254}\z)
        [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*
        @([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])\z
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
