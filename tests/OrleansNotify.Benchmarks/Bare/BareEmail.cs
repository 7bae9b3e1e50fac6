using System.Globalization;
using System.Net.Sockets;
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
        // As it comes, the library waits for the server's delayed acknowledgements: a comparison with that would flatter us.
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var port = int.Parse(Environment.GetEnvironmentVariable("SMTP_PORT")!, CultureInfo.InvariantCulture);
        await socket.ConnectAsync("127.0.0.1", port);
        SmtpClient client = new();
        await client.ConnectAsync(socket, "127.0.0.1", port, SecureSocketOptions.None);
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
