using MimeKit;
using OrleansNotify.Channels.Email;

namespace OrleansNotify.Host.Settings;

/// <summary>Reads the email channel's settings.</summary>
internal static class EmailSettings
{
    private const string HostKey = "SMTP_HOST", UserKey = "SMTP_USER", PasswordKey = "SMTP_PASSWORD", SecurityKey = "SMTP_SECURITY";
    private const string FromKey = "SMTP_FROM", AllowlistKey = "SMTP_FROM_ALLOWLIST", PortKey = "SMTP_PORT";
    private const string EhloKey = "SMTP_EHLO", MaxConnectionsKey = "SMTP_MAX_CONNECTIONS";

    // Submission (RFC 6409): what a mail program uses when it is told nothing else.
    private const int SubmissionPort = 587;

    // More than any server takes from one client.
    private const int MostConnections = 1000;

    public static EmailOptions? Read(SettingValues values)
    {
        var host = values.Text(HostKey);
        var port = values.Port(PortKey);
        var (user, password) = (values.Text(UserKey), values.Secret(PasswordKey));
        var security = Security(values);
        var most = values.Number(MaxConnectionsKey, 1, MostConnections);
        var ehlo = Ehlo(values);
        if (host is null)
        {
            string[] others = [PortKey, UserKey, PasswordKey, SecurityKey, FromKey, AllowlistKey, EhloKey, MaxConnectionsKey];
            if (Array.Find(others, key => values.Text(key) is not null) is { } other) values.Wrong(HostKey, $"is missing, but {other} is set");
            return null;
        }

        if (Uri.CheckHostName(host) == UriHostNameType.Unknown) values.Wrong(HostKey, $"{SettingValues.Shown(host)} is not a host name");
        if (user is not null && password is null) values.Wrong(PasswordKey, $"is missing, but {UserKey} is set");
        if (user is null && password is not null) values.Wrong(UserKey, $"is missing, but {PasswordKey} is set");
        var options = new EmailOptions
        {
            Host = host,
            Port = port ?? SubmissionPort,
            User = user,
            Password = password,
            Security = security,
            From = From(values),
            Ehlo = ehlo,
        };
        return most is null ? options : options with { MaxConnections = most.Value };
    }

    private static string? Ehlo(SettingValues values)
    {
        if (values.Text(EhloKey) is not { } text) return null;
        var name = EhloName.Parse(text);
        if (name is null) values.Wrong(EhloKey, $"{SettingValues.Shown(text)} is neither a fully qualified name such as notify.example nor an address such as 192.0.2.1");
        return name;
    }

    private static SmtpSecurity Security(SettingValues values)
    {
        switch (values.Text(SecurityKey))
        {
            case null or "auto":
                return SmtpSecurity.Auto;
            case "none":
                return SmtpSecurity.None;
            case "starttls":
                return SmtpSecurity.StartTls;
            case "tls":
                return SmtpSecurity.Tls;
            case var other:
                values.Wrong(SecurityKey, $"\"{other}\" is none of auto, none, starttls, tls");
                return SmtpSecurity.Auto;
        }
    }

    private static string From(SettingValues values)
    {
        var entries = values.List(AllowlistKey);
        if (entries.Length == 0) values.Wrong(AllowlistKey, "is missing: the addresses, or @domains, that SMTP_FROM may be one of");
        if (values.Text(FromKey) is not { } text)
        {
            values.Wrong(FromKey, "is missing: the sender's address, such as Alerts <alerts@notify.example>");
            return "";
        }

        if (text.AsSpan().ContainsAny('\r', '\n') || !MailboxAddress.TryParse(text, out var mailbox) || !mailbox.Address.Contains('@', StringComparison.Ordinal))
            values.Wrong(FromKey, $"\"{text.ReplaceLineEndings(" ")}\" is not a sender such as Alerts <alerts@notify.example>");
        else if (entries.Length > 0 && !SenderAllowlist.Allows(entries, mailbox.Address))
            values.Wrong(FromKey, $"{mailbox.Address} is not on {AllowlistKey} ({string.Join(", ", entries)})");
        return text;
    }
}
