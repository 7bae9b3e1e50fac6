using System.Globalization;
using System.Text.RegularExpressions;

namespace OrleansNotify.Channels.Email;

/// <summary>An enhanced status code (RFC 3463), such as 5.1.1.</summary>
internal readonly partial record struct EnhancedCode(int Class, int Subject, int Detail)
{
    // The registry ends below these; without a bound a server could make any number of labels for our metrics.
    private const int LastSubject = 7, LastDetail = 40;

    /// <summary>
    /// The code at the beginning of a reply's text, whether the server announced such codes or not; null where there is none, where it
    /// contradicts the reply code, or where it is beyond the registry.
    /// </summary>
    public static EnhancedCode? Parse(int reply, string text)
    {
        var match = Form().Match(text);
        if (!match.Success) return null;
        EnhancedCode code = new(Number(match, 1), Number(match, 2), Number(match, 3));
        return code.Class == reply / 100 && code is { Subject: <= LastSubject, Detail: <= LastDetail } ? code : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Class}.{Subject}.{Detail}");

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\s*([245])\.([0-9]{1,3})\.([0-9]{1,3})(?![0-9.])", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
