using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using MimeKit;

namespace OrleansNotify.Channels.Email;

/// <summary>
/// What we call ourselves to a server: a fully qualified name or an address literal (RFC 5321 sections 2.3.5 and 4.1.1.1). Servers refuse
/// other names, and a machine's own is seldom one.
/// </summary>
internal static partial class EhloName
{
    private const int LongestName = 253;

    /// <summary>The form in which a name or an address is announced; null where it is neither.</summary>
    public static string? Parse(string text)
    {
        if (IPAddress.TryParse(text, out var address)) return Literal(address);
        if (text is ['[', .., ']'])
        {
            var inner = text[1..^1];
            var plain = inner.StartsWith("IPv6:", StringComparison.OrdinalIgnoreCase) ? inner[5..] : inner;
            return IPAddress.TryParse(plain, out address) ? Literal(address) : null;
        }

        try
        {
            var ascii = s_idn.GetAscii(text);
            return ascii.Length <= LongestName && FullyQualified().IsMatch(ascii) ? ascii : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>
    /// The name where none is set: the sender's domain, which the world knows; else the machine's name where it is fully qualified; else the
    /// address that the connection comes from.
    /// </summary>
    public static string Default(string from, string machine, IPAddress local) =>
        Parse(MailboxAddress.Parse(from).Domain) ?? Parse(machine) ?? Literal(local);

    private static string Literal(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[IPv6:{address}]" : $"[{address}]";
    }

    private static readonly IdnMapping s_idn = new() { UseStd3AsciiRules = true };

    [GeneratedRegex(@"^(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex FullyQualified();
}
