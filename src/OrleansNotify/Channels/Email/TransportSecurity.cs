using System.Net;
using MailKit.Security;

namespace OrleansNotify.Channels.Email;

/// <summary>How a connection is protected. Never "if the server offers it": whoever can change its offer could then read the mails.</summary>
internal static class TransportSecurity
{
    // RFC 8314 section 7.3: submission with TLS from the first byte.
    private const int TlsPort = 465;

    public static SecureSocketOptions Of(SmtpSecurity security, string host, int port) => security switch
    {
        SmtpSecurity.None => SecureSocketOptions.None,
        SmtpSecurity.StartTls => SecureSocketOptions.StartTls,
        SmtpSecurity.Tls => SecureSocketOptions.SslOnConnect,
        _ when port == TlsPort => SecureSocketOptions.SslOnConnect,
        _ => IsLoopback(host) ? SecureSocketOptions.None : SecureSocketOptions.StartTls,
    };

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
