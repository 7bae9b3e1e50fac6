using System.Globalization;
using System.Text.RegularExpressions;

namespace OrleansNotify.Channels.Email;

/// <summary>An enhanced status code (RFC 3463), such as 5.1.1.</summary>
internal readonly partial record struct EnhancedCode(int Class, int Subject, int Detail)
{
    // The registry ends below these.
    private const int LastSubject = 7, LastDetail = 40;

    /// <summary>
    /// The code of a reply, whether the server announced such codes or not: at the beginning of its first line that has one, or where
    /// qmail puts it, <c>(#5.1.1)</c>. Null where there is none, or where it contradicts the reply code.
    /// </summary>
    public static EnhancedCode? Parse(int reply, string text)
    {
        var match = Form().Match(text);
        if (!match.Success) return null;
        EnhancedCode code = new(Number(match, 1), Number(match, 2), Number(match, 3));
        return code.Class == reply / 100 ? code : null;
    }

    /// <summary>The text without the codes that its lines begin with: servers wrap a sentence in its middle.</summary>
    public static string TakeFrom(string text) => AtLineStart().Replace(text, " ");

    /// <summary>As a word for metrics. Providers have many of their own; without a bound a server could make any number of labels.</summary>
    public string Label => this switch
    {
        { Subject: > LastSubject } => FormattableString.Invariant($"{Class}.x.x"),
        { Detail: > LastDetail } when !SmtpRules.IsKnown(this) => FormattableString.Invariant($"{Class}.{Subject}.x"),
        _ => FormattableString.Invariant($"{Class}.{Subject}.{Detail}"),
    };

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?:^\s*#?|\(#)([245])\.([0-9]{1,3})\.([0-9]{1,3})(?![0-9.])", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Form();

    [GeneratedRegex(@"^\s*#?[245]\.[0-9]{1,3}\.[0-9]{1,3}(?![0-9.])", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex AtLineStart();
}
