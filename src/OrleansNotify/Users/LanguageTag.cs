using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace OrleansNotify.Users;

/// <summary>Language tags (BCP 47), in whatever case and with whatever separator a program has them.</summary>
internal static partial class LanguageTag
{
    // RFC 5646 section 4.4.1: no registered tag needs more.
    private const int Longest = 35;

    /// <summary>Takes <c>en</c>, <c>DE</c>, <c>pt_br</c> or <c>zh-hans-cn</c>; gives the form of RFC 5646, section 2.1.1: <c>zh-Hans-CN</c>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out string? tag)
    {
        tag = null;
        if (text is null || text.Length > Longest || !Form().IsMatch(text)) return false;
        var parts = text.ToLowerInvariant().Split('-', '_');
        // What follows a letter that stands alone is an extension, or private, and has no regions.
        for (var i = 1; i < parts.Length && parts[i].Length > 1; i++)
            parts[i] = parts[i].Length switch
            {
                2 => parts[i].ToUpperInvariant(),
                4 when char.IsAsciiLetter(parts[i][0]) => char.ToUpperInvariant(parts[i][0]) + parts[i][1..],
                _ => parts[i],
            };
        tag = string.Join('-', parts);
        return true;
    }

    [GeneratedRegex(@"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
