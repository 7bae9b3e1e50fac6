using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading.Channels;

namespace OrleansNotify.Tests.Channels.Http;

/// <summary>An HTTP server whose every byte is the test's: for what no sane server says.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<string> _requests = System.Threading.Channels.Channel.CreateUnbounded<string>();
    private readonly string _answer;
    private readonly bool _hangs;
    private readonly X509Certificate2? _certificate;
    private readonly Task _handshake;
    private readonly Task _running;
    private int _accepted;

    /// <param name="answer">What is written to each request; <c>{request}</c> in it stands for the request's header.</param>
    /// <param name="hangs">Whether the connection then stays open; otherwise it is closed.</param>
    /// <param name="certificate">Of a server with TLS.</param>
    /// <param name="handshake">What a server with TLS waits for before it answers a client's first word.</param>
    public RawServer(string answer, bool hangs = false, X509Certificate2? certificate = null, Task? handshake = null)
    {
        (_answer, _hangs, _certificate, _handshake) = (answer, hangs, certificate, handshake ?? Task.CompletedTask);
        _listener.Start();
        _running = Run();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Url => $"http://127.0.0.1:{Port}";

    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>An answer with a body.</summary>
    public static string Answer(int status, string body, params string[] headers) =>
        $"HTTP/1.1 {status} X\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n{string.Concat(headers.Select(line => line + "\r\n"))}\r\n{body}";

    /// <summary>The next request that was read whole: its header.</summary>
    public ValueTask<string> Request() => _requests.Reader.ReadAsync(TestContext.Current.CancellationToken);

    /// <summary>A certificate for a host, which nobody trusts who is not told to.</summary>
    public static X509Certificate2 NewCertificate(string host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={host}", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, new DateTimeOffset(2200, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }

    /// <summary>Trust in one certificate alone.</summary>
    public static X509ChainPolicy TrustIn(X509Certificate2 certificate)
    {
        X509ChainPolicy trust = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(certificate);
        return trust;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task Run()
    {
        List<Task> serving = [];
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _accepted);
                serving.Add(Serve(client));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task Serve(TcpClient client)
    {
        using (client)
        {
            try
            {
                await using var stream = await Open(client);
                if (await Read(stream) is not { } request) return;
                _requests.Writer.TryWrite(request);
                await stream.WriteAsync(Encoding.UTF8.GetBytes(_answer.Replace("{request}", request, StringComparison.Ordinal)), _stop.Token);
                if (_hangs) await Task.Delay(Timeout.InfiniteTimeSpan, _stop.Token);
            }
            catch (Exception gone) when (gone is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
            {
                // The client left, or the test is over.
            }
        }
    }

    private async Task<Stream> Open(TcpClient client)
    {
        if (_certificate is null) return client.GetStream();
        await _handshake.WaitAsync(_stop.Token);
        SslStream secure = new(client.GetStream());
        await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
        return secure;
    }

    private async Task<string?> Read(Stream stream)
    {
        var bytes = new byte[64 * 1024];
        for (var count = 0; ;)
        {
            var read = await stream.ReadAsync(bytes.AsMemory(count), _stop.Token);
            if (read == 0) return null;
            count += read;
            var text = Encoding.Latin1.GetString(bytes, 0, count);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end < 0) continue;
            var header = text[..end];
            var length = header.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))?[15..];
            if (count >= end + 4 + int.Parse(length ?? "0", System.Globalization.CultureInfo.InvariantCulture)) return header;
        }
    }
}
