using System.Text.RegularExpressions;

namespace OrleansNotify.Sandbox.Telegram;

/// <summary>The addresses of links, as Telegram takes them.</summary>
internal static partial class LinkAddress
{
    /// <summary>A link's address in full; null where Telegram shows the text without a link.</summary>
    public static string? Read(string address)
    {
        if (address.StartsWith("tg://", StringComparison.OrdinalIgnoreCase)) return address;
        var full = address.Contains("://", StringComparison.Ordinal) ? address : $"http://{address}";
        return Uri.TryCreate(full, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Host.Contains('.', StringComparison.Ordinal)
            ? full
            : null;
    }

    /// <summary>Whether this names a custom emoji or a time.</summary>
    public static bool IsEmoji(string address) => Emoji().IsMatch(address);

    [GeneratedRegex(@"^tg://(emoji\?id|time\?unix)=[0-9]+\z")]
    private static partial Regex Emoji();
}
