using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using MailKit.Net.Smtp;
using MimeKit;
using OrleansNotify.Delivery;

namespace OrleansNotify.Channels.Email;

/// <summary>An authenticated connection to the SMTP server; for one mail at a time.</summary>
internal sealed class SmtpConnection : SmtpClient
{
    /// <summary>Servers dislike connections that never end, and a new one finds a changed configuration.</summary>
    private const int MostMails = 100;

    private static readonly TimeSpan LongestIdle = TimeSpan.FromSeconds(60);

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly TimeProvider _clock;
    private long _idleSince;
    private int _mails;
    private bool _refusedCertificate, _broken;

    private SmtpConnection(RemoteCertificateValidationCallback trust, TimeProvider clock)
    {
        _clock = clock;

        // The attempt's hard end bounds a mail, the pool's patience a connect; an end of its own could fall between the final dot and its answer.
        Timeout = System.Threading.Timeout.Infinite;
        ServerCertificateValidationCallback = (sender, certificate, chain, errors) =>
            !(_refusedCertificate = !trust(sender, certificate, chain, errors));

        // As every client of the platform has it: else a connect would hang on the authority's own servers.
        CheckCertificateRevocation = false;
    }

    /// <summary>Whether the last mail failed because the connection had died while it lay idle: nothing of that mail was accepted.</summary>
    public bool WasStale { get; private set; }

    /// <summary>Whether the server took the sender of the last mail: whatever it said then, it serves us.</summary>
    public bool Worked { get; private set; }

    /// <summary>Whether it has served a mail before the last one.</summary>
    public bool HasServed => _mails > 1;

    /// <summary>Whether the server said "not now" before it heard of the last mail's recipient: it speaks of the connection, not of the mail.</summary>
    public bool WasRefused { get; private set; }

    /// <summary>Whether the server took the last mail's sender and then said that it wants fewer mails side by side.</summary>
    public bool WasTooMany { get; private set; }

    /// <summary>Whether it can take another mail, as far as can be seen without asking the server.</summary>
    public bool IsUsable => !_broken && IsConnected && _mails < MostMails;

    /// <summary>Whether an idle one is to be kept: a server that has closed it, or has something to say without being asked, has left bytes to read.</summary>
    public bool IsFresh => _clock.GetElapsedTime(_idleSince) < LongestIdle && !_socket.Poll(0, SelectMode.SelectRead);

    /// <summary>Connects and logs in.</summary>
    public static async Task<Rental> Open(
        EmailOptions options, RemoteCertificateValidationCallback trust, TimeProvider clock, CancellationToken patience)
    {
        SmtpConnection connection = new(trust, clock);
        try
        {
            var security = TransportSecurity.Of(options.Security, options.Host, options.Port);
            await connection._socket.ConnectAsync(options.Host, options.Port, patience);
            connection.LocalDomain = options.Ehlo ?? EhloName.Default(options.From, Dns.GetHostName(), ((IPEndPoint)connection._socket.LocalEndPoint!).Address);
            await connection.ConnectAsync(connection._socket, options.Host, options.Port, security, patience);
            if (options.User is not null)
                await connection.AuthenticateAsync(Encoding.UTF8, new NetworkCredential(options.User, options.Password), patience);
        }
        catch (Exception fault)
        {
            connection.Dispose();
            return new Rental(null, SmtpVerdict.OfConnect(fault, connection._refusedCertificate));
        }

        // Mails are plain ASCII on the wire and end with a dot: no CHUNKING, 8BITMIME or SMTPUTF8, and no pass over the mail for its SIZE.
        connection.Capabilities &= SmtpCapabilities.Pipelining;
        return new Rental(connection, null);
    }

    /// <summary>Sends a mail, and keeps what it learnt about the connection.</summary>
    public async Task<Outcome> Send(MimeMessage mail, string to, CancellationToken hardEnd)
    {
        Worked = WasRefused = WasTooMany = WasStale = false;
        try
        {
            return SmtpVerdict.Of(MailStage.End, (int)SmtpStatusCode.Ok, await SendAsync(mail, hardEnd), to);
        }
        catch (Exception fault)
        {
            _broken = !SmtpVerdict.GoesOn(fault);
            var outcome = SmtpVerdict.OfSend(fault, Worked, ((MailBody)mail.Body!).IsWritten, to);
            WasStale = outcome.Reason == SmtpVerdict.ConnectionLost && !Worked && _mails > 0;
            WasRefused = outcome is { Kind: OutcomeKind.Retry, Answered: true } && !Worked;
            WasTooMany = outcome is { Kind: OutcomeKind.Busy, SpeaksOf: SpeaksOf.Channel } && SmtpTexts.TooManyAtOnce(outcome.Detail!);
            return outcome;
        }
        finally
        {
            _mails++;
            _idleSince = _clock.GetTimestamp();
        }
    }

    /// <summary>Takes leave of the server, without waiting long for it, and closes the connection.</summary>
    public async Task Close()
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(2), _clock);
        try
        {
            await DisconnectAsync(quit: !_broken, patience.Token);
        }
        finally
        {
            Dispose();
        }
    }

    protected override void OnSenderAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response) => Worked = true;

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _socket.Dispose();
    }
}

/// <summary>What came of asking for a connection: the connection, or why there is none.</summary>
internal readonly record struct Rental(SmtpConnection? Connection, Outcome? Failure);
