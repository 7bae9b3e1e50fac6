using System.Text;
using System.Text.RegularExpressions;

namespace OrleansNotify.Templates.Liquid;

/// <summary>Finds what the next value is, by the text that stands before it.</summary>
internal static partial class PlaceFinder
{
    /// <summary>How far back an address is looked for; by then its host is long over.</summary>
    private const int Farthest = 2048;

    private const int LongestAttribute = 32;

    /// <summary>The place behind what was written so far.</summary>
    public static Place Find(StringBuilder written, Target target) => target switch
    {
        Target.Subject => Place.Text,
        Target.Json => InPush(written),
        _ => InText(written, target),
    };

    private static Place InText(StringBuilder written, Target target)
    {
        var begin = written.Length;
        while (begin > Math.Max(0, written.Length - Farthest) && !Ends(written, begin - 1, target)) begin--;
        var isLink = IsLink(written, begin, target);
        if (begin == written.Length) return isLink ? Place.Link : Place.Text;
        var before = written.ToString(begin, written.Length - begin);
        if (isLink) return InLink(before);
        var address = WebAddress().Match(before);
        return address.Success ? BehindHost(address) : Place.Text;
    }

    // What cannot be part of an address: a value's own such characters are percent-encoded there.
    private static bool Ends(StringBuilder written, int at, Target target) => written[at] switch
    {
        '"' or '\'' or '<' or '>' => true,
        '(' or ')' or '[' or ']' or '`' => target == Target.MarkdownV2 && !IsEscaped(written, at),
        var c => char.IsWhiteSpace(c),
    };

    private static bool IsEscaped(StringBuilder written, int at)
    {
        var backslashes = 0;
        while (at > backslashes && written[at - backslashes - 1] == '\\') backslashes++;
        return backslashes % 2 == 1;
    }

    private static bool IsLink(StringBuilder written, int begin, Target target)
    {
        if (begin < 2) return false;
        return target == Target.MarkdownV2
            ? written[begin - 1] == '(' && written[begin - 2] == ']' && !IsEscaped(written, begin - 2)
            : target == Target.Html && written[begin - 1] is '"' or '\'' && LinkAttribute().IsMatch(Before(written, begin));
    }

    private static string Before(StringBuilder written, int end)
    {
        var begin = Math.Max(0, end - LongestAttribute);
        return written.ToString(begin, end - begin);
    }

    /// <param name="address">The beginning of a link's address.</param>
    private static Place InLink(string address)
    {
        var match = WebAddress().Match(address);
        if (match.Success && match.Index == 0) return BehindHost(match);
        if (address.StartsWith("http:", StringComparison.OrdinalIgnoreCase) || address.StartsWith("https:", StringComparison.OrdinalIgnoreCase))
            return Place.Host;
        // An anchor, a scheme without hosts, or a path that has begun: a mail has no page to which it could be relative, but it names no host either.
        var isCertain = address.StartsWith('#') || address.Contains(':', StringComparison.Ordinal) || address.TrimStart('/').Contains('/', StringComparison.Ordinal);
        return isCertain ? Place.Path : Place.Link;
    }

    private static Place BehindHost(Match address) =>
        address.Groups["end"].Success ? Place.Path : address.Groups["host"].Length == 0 ? Place.Host : Place.AfterHost;

    // Inside the quotes of a member's text; what a template puts elsewhere is no text.
    private static Place InPush(StringBuilder written)
    {
        var quote = written.Length - 1;
        while (quote >= 0 && (written[quote] != '"' || IsEscaped(written, quote))) quote--;
        var member = MemberName().Match(Before(written, quote + 1)).Groups["name"].Value;
        if (member is "title" or "body") return InText(written, Target.Json);
        if (member != "url") return Place.Member;
        var address = written.ToString(quote + 1, written.Length - quote - 1);
        if (address.Length == 0) return Place.Root;
        if (address[0] != '/') return InLink(address);
        return address.Length == 1 ? Place.AfterRoot : Place.Path;
    }

    [GeneratedRegex(@"[\s""'](?:action|background|cite|formaction|href|poster|src)\s*=\s*[""']\z", RegexOptions.IgnoreCase)]
    private static partial Regex LinkAttribute();

    [GeneratedRegex("https?://(?<host>[^/?#]*)(?<end>[/?#])?", RegexOptions.IgnoreCase)]
    private static partial Regex WebAddress();

    [GeneratedRegex(@"""(?<name>[^""\\]*)""\s*:\s*""\z")]
    private static partial Regex MemberName();
}
