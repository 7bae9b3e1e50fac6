using System.Globalization;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using OrleansNotify.Benchmarks.Load;
using OrleansNotify.Templates;

namespace OrleansNotify.Benchmarks.Bare;

/// <summary>MailKit, a connection for each loop.</summary>
internal sealed class BareEmail(EmailContent content) : IBareClient
{
    public async Task<IBareConnection> Connect()
    {
        SmtpClient client = new();
        await client.ConnectAsync("127.0.0.1", int.Parse(Environment.GetEnvironmentVariable("SMTP_PORT")!, CultureInfo.InvariantCulture), SecureSocketOptions.None);
        return new Connection(client, content);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Connection(SmtpClient client, EmailContent content) : IBareConnection
    {
        public async Task Send(int number)
        {
            using MimeMessage mail = new();
            mail.From.Add(MailboxAddress.Parse("Alerts <alerts@notify.example>"));
            mail.To.Add(MailboxAddress.Parse(Recipient.Email(number)));
            mail.Subject = content.Subject;
            mail.Body = new BodyBuilder { TextBody = content.Text, HtmlBody = content.Html }.ToMessageBody();
            await client.SendAsync(mail);
        }

        public async ValueTask DisposeAsync()
        {
            await client.DisconnectAsync(quit: true);
            client.Dispose();
        }
    }
}
