using System.Security.Cryptography.X509Certificates;

namespace OrleansNotify.Sandbox.Smtp;

/// <summary>How a connection to the server is protected.</summary>
public enum SmtpServerSecurity
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>By STARTTLS (RFC 3207), without which no mail is taken.</summary>
    StartTls,

    /// <summary>By TLS from the first byte (RFC 8314 section 3.3).</summary>
    Tls,
}

/// <summary>What the server demands and how much it takes.</summary>
public sealed record SmtpServerOptions
{
    /// <summary>The loopback port; 0 for a free one.</summary>
    public int Port { get; init; }

    /// <summary>The name in the greeting.</summary>
    public string HostName { get; init; } = "sandbox.localhost";

    /// <summary>How connections are protected.</summary>
    public SmtpServerSecurity Security { get; init; }

    /// <summary>The server's certificate with its private key; null for a self-signed one, made at start.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>The user name that AUTH demands; null for a server without AUTH.</summary>
    public string? User { get; init; }

    /// <summary>The password that goes with <see cref="User"/>.</summary>
    public string Password { get; init; } = "";

    /// <summary>The largest message in bytes, as the SIZE extension tells it (RFC 1870).</summary>
    public int MaxMessageBytes { get; init; } = 10 * 1024 * 1024;

    /// <summary>Recipients of one message; RFC 5321 section 4.5.3.1.8 asks for at least 100.</summary>
    public int MaxRecipients { get; init; } = 100;

    /// <summary>Whether a client has to say a fully qualified name or an address literal in EHLO, as many servers demand; else each RCPT is refused.</summary>
    public bool DemandsQualifiedHello { get; init; }

    /// <summary>Connections at a time; one more is told 421.</summary>
    public int MaxConnections { get; init; } = 1000;

    /// <summary>Errors of one connection, after which it is told 421.</summary>
    public int MaxErrors { get; init; } = 20;

    /// <inheritdoc/>
    public override string ToString() => $"{HostName} ({Security})";
}
