using System.Collections.Immutable;
using MimeKit;

namespace OrleansNotify.Sandbox.InboxPage;

/// <summary>A mail as a mail program takes it apart.</summary>
internal sealed record MailView(string? From, string? Subject, string? Text, string? Html, ImmutableArray<string[]> Headers)
{
    public static MailView Of(DeliveredMail mail)
    {
        try
        {
            using MemoryStream raw = new(mail.Raw.ToArray());
            using var message = MimeMessage.Load(raw);
            var sender = message.From.Mailboxes.FirstOrDefault();
            return new MailView(
                string.IsNullOrEmpty(sender?.Name) ? sender?.Address : $"{sender.Name} <{sender.Address}>", message.Subject, message.TextBody, message.HtmlBody,
                [.. message.Headers.Concat(message.Body?.Headers ?? []).Select(header => (string[])[header.Field, header.Value])]);
        }
        catch (FormatException)
        {
            // Not a mail: its source is shown.
            return new MailView(null, null, null, null, []);
        }
    }
}
