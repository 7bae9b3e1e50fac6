using System.Net.Security;
using Microsoft.Extensions.Logging;
using MimeKit;
using OrleansNotify.Delivery;
using OrleansNotify.Templates;

namespace OrleansNotify.Channels.Email;

/// <summary>Sends mails over SMTP (RFC 5321). One for a silo: it owns the silo's connections.</summary>
internal sealed class EmailSender(
    NotifyOptions options, UnsubscribeLinks links, TimeProvider clock, ILogger<EmailSender> log, RemoteCertificateValidationCallback? trust = null) : IChannelSender, IAsyncDisposable
{
    private readonly MailComposer _composer = new(options.Email!.From, options.PublicUrl, links, clock);
    private readonly SmtpPool _pool = new(options.Email!, trust ?? SystemTrust, clock, log);

    public Channel Channel => Channel.Email;

    /// <summary>Servers look at a mail for a long time before they answer the final dot; whoever leaves earlier sends it twice (RFC 1047).</summary>
    public TimeSpan HardEnd => TimeSpan.FromSeconds(120);

    public async Task<Outcome> Send(SendJob job, CancellationToken hardEnd) =>
        await Attempt(job, hardEnd) with { Address = job.To.Email };

    public ValueTask DisposeAsync() => _pool.DisposeAsync();

    private static bool SystemTrust(object sender, object? certificate, object? chain, SslPolicyErrors errors) => errors == SslPolicyErrors.None;

    private async Task<Outcome> Attempt(SendJob job, CancellationToken hardEnd)
    {
        if (!EmailAddress.TryParse(job.To.Email, out var to))
            return new Outcome { Kind = OutcomeKind.AddressGone, Reason = "bad_address", SpeaksOf = SpeaksOf.Recipient, Detail = "no mail can be sent to an address of this form" };

        MimeMessage mail;
        try
        {
            mail = _composer.Compose(job, to);
        }
        catch (TemplateRenderException fault)
        {
            return new Outcome { Kind = OutcomeKind.Rejected, Reason = "template", SpeaksOf = SpeaksOf.Recipient, Detail = ProviderText.Clean(fault.Message, to) };
        }

        using (mail) return await Deliver(mail, to, job.Turn, hardEnd);
    }

    private async Task<Outcome> Deliver(MimeMessage mail, string to, Turn turn, CancellationToken hardEnd)
    {
        while (true)
        {
            var rental = await _pool.Rent(turn, hardEnd);
            if (rental.Connection is not { } connection) return rental.Failure!;
            if (turn.IsOver)
            {
                _pool.Return(connection);
                return new Outcome { Kind = OutcomeKind.Withdrawn };
            }

            var outcome = await connection.Send(mail, to, hardEnd);
            if (connection.WasRefused && _pool.GoesOnWithout(connection)) continue;
            _pool.Return(connection);
            if (!connection.WasStale) return outcome;

            // A new connection is never stale, so this ends.
            _pool.CloseIdle();
        }
    }
}
