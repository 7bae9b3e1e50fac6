using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansNotify.Sandbox.Smtp;

/// <summary>
/// An SMTP server on loopback (RFC 5321) with PIPELINING, 8BITMIME, SIZE, ENHANCEDSTATUSCODES, and STARTTLS and AUTH where they are asked for.
/// What it accepts lies in an <see cref="OrleansNotify.Sandbox.Inbox"/>; it relays nothing.
/// </summary>
public sealed class SandboxSmtpServer : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<SmtpWire, Task> _sessions = [];
    private readonly Task _accepting;
    private int _accepted;
    private long _queueId;

    private SandboxSmtpServer(SmtpServerOptions options, Inbox inbox, Faults faults, TimeProvider clock)
    {
        (Options, Inbox, Faults, Clock) = (options, inbox, faults, clock);
        Certificate = options.Certificate ?? SelfSigned();
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, options.Port));
        _listener.Listen(512);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _accepting = Task.Run(Accept);
    }

    /// <summary>Starts a server on 127.0.0.1.</summary>
    /// <exception cref="SocketException">The port is taken.</exception>
    public static Task<SandboxSmtpServer> StartAsync(SmtpServerOptions options, Inbox inbox, Faults faults, TimeProvider clock) =>
        Task.FromResult(new SandboxSmtpServer(options, inbox, faults, clock));

    /// <summary>The port that it listens on.</summary>
    public int Port { get; }

    /// <summary>The certificate that it shows.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>Connections that are open now.</summary>
    public int Connections
    {
        get { lock (_gate) return _sessions.Count; }
    }

    /// <summary>Connections since the start.</summary>
    public int Accepted
    {
        get { lock (_gate) return _accepted; }
    }

    internal SmtpServerOptions Options { get; }
    internal Inbox Inbox { get; }
    internal Faults Faults { get; }
    internal TimeProvider Clock { get; }
    internal CancellationToken Stopping => _stopping.Token;

    internal long NextQueueId() => Interlocked.Increment(ref _queueId);

    /// <summary>Cuts every connection, as a restart of the server does.</summary>
    public void DropConnections()
    {
        lock (_gate)
        {
            foreach (var wire in _sessions.Keys) wire.Cut();
        }
    }

    /// <summary>Stops listening and cuts every connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested) return;
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        Task[] ending;
        lock (_gate) ending = [.. _sessions.Values];
        DropConnections();
        await Task.WhenAll(ending);
        _stopping.Dispose();
        if (Options.Certificate is null) Certificate.Dispose();
    }

    private async Task Accept()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                Start(await _listener.AcceptAsync(_stopping.Token));
            }
            catch (Exception fault) when (fault is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // A client that went before it was accepted, or the end; the loop's condition tells them apart.
            }
        }
    }

    private void Start(Socket socket)
    {
        socket.NoDelay = true;
        SmtpWire wire = new(socket);
        lock (_gate)
        {
            _accepted++;
            var full = _sessions.Count >= Options.MaxConnections;
            _sessions.Add(wire, Task.Run(() => Talk(wire, full)));
        }
    }

    private async Task Talk(SmtpWire wire, bool full)
    {
        try
        {
            if (full) await TurnAway(wire);
            else await new SmtpSession(wire, this).Run();
        }
        catch (Exception end) when (end is IOException or SocketException or ObjectDisposedException or OperationCanceledException
            or TimeoutException or AuthenticationException)
        {
            // The connection ended, by the client, by a fault that was asked for, or because the server stops.
        }
        finally
        {
            lock (_gate) _sessions.Remove(wire);
            wire.Dispose();
        }
    }

    private async Task TurnAway(SmtpWire wire)
    {
        await wire.Answer(421, "4.7.0 Too many connections");
        await wire.HangUp().WaitAsync(TimeSpan.FromSeconds(2), Clock, Stopping);
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, false, 0, critical: true));
        // Good at any time that a test's clock may show.
        return request.CreateSelfSigned(new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }
}
