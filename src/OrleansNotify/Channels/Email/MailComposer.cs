using System.Globalization;
using MimeKit;
using OrleansNotify.Delivery;

namespace OrleansNotify.Channels.Email;

/// <summary>Makes the mail of an attempt. Every attempt of a message makes the same mail, so that a repeat can be recognised as one.</summary>
internal sealed class MailComposer(string from, string publicUrl, UnsubscribeLinks links, TimeProvider clock)
{
    /// <summary>
    /// A mail is dated when its message was accepted, but one that waited longer (quiet hours, <c>send_at</c>) when it goes out:
    /// mail programs sort by this date, and one days ago is a sign of spam.
    /// </summary>
    private static readonly TimeSpan LongestAgo = TimeSpan.FromHours(1);

    private readonly MailboxAddress _from = MailboxAddress.Parse(from);
    private readonly string _domain = MailboxAddress.EncodeAddrspec(MailboxAddress.Parse(from).Address).Split('@')[^1];

    /// <exception cref="Templates.TemplateRenderException">The template cannot be rendered within its bounds.</exception>
    public MimeMessage Compose(SendJob job, string to)
    {
        var manifest = job.Template.Manifest;
        var unsubscribe = manifest.Unsubscribable ? $"{publicUrl}/unsubscribe/{links.Create(job.UserId, manifest.Type)}" : null;
        var content = job.Template.RenderEmail(job.Vars, job.Locale, unsubscribe);
        MimeMessage mail = new(new HeaderList())
        {
            Date = DateOf(job.MessageId, clock.GetUtcNow()),
            MessageId = $"{job.MessageId:N}@{_domain}",
            // A value that looks like an encoded word (RFC 2047) would be read as one; the space between has no width.
            Subject = content.Subject.Replace("=?", "=\u200b?", StringComparison.Ordinal),
            Body = new MailBody($"=_{job.MessageId:N}", content.Text, content.Html),
        };
        // A copy: a mail listens to its addresses, so that one which all mails have would keep them all.
        mail.From.Add(_from.Clone());
        mail.To.Add(new MailboxAddress("", to));

        // RFC 3834 section 5: no holiday note answers a machine.
        mail.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        if (unsubscribe is not null)
        {
            mail.Headers.Add(HeaderId.ListUnsubscribe, $"<{unsubscribe}>");
            mail.Headers.Add(HeaderId.ListUnsubscribePost, "List-Unsubscribe=One-Click");
        }

        return mail;
    }

    private static DateTimeOffset DateOf(Guid message, DateTimeOffset now)
    {
        // RFC 9562 section 5.7: the first 48 bits of a version 7 are milliseconds since 1970.
        var accepted = message.Version == 7
            ? DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(message.ToString("N").AsSpan(0, 12), NumberStyles.HexNumber, CultureInfo.InvariantCulture))
            : now;
        return now - accepted < LongestAgo ? accepted : now;
    }
}
