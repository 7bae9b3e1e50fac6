using System.Net.Mail;

namespace OrleansNotify.Sandbox.Smtp;

/// <summary>What stands in MAIL and RCPT (RFC 5321 section 4.1.1.2 and 4.1.1.3): a path and its parameters.</summary>
internal readonly record struct SmtpPath(string Address, string[] Parameters)
{
    /// <summary>Reads <c>FROM:&lt;address&gt; parameters</c>; null if it is malformed.</summary>
    public static SmtpPath? Parse(string argument, string keyword, bool mayBeEmpty)
    {
        if (!argument.StartsWith(keyword, StringComparison.OrdinalIgnoreCase)) return null;
        var path = argument[keyword.Length..].TrimStart(' ');
        var end = path.IndexOf('>');
        if (end < 0 || path[0] != '<') return null;
        var address = path[1..end];
        if (address.Length == 0 ? !mayBeEmpty : !IsMailbox(address)) return null;
        var rest = path[(end + 1)..];
        return rest.Length > 0 && rest[0] != ' ' ? null : new SmtpPath(address, rest.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    // No source routes and no address literals: nothing here sends them, and RFC 5321 lets a server refuse them.
    private static bool IsMailbox(string address) =>
        address.Length <= 254
        && address.IndexOf('@') is > 0 and <= 64
        && address.All(c => c is > ' ' and < (char)127)
        && MailAddress.TryCreate(address, out var parsed)
        && parsed.Address == address;
}
