using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace OrleansNotify.Channels.Http;

/// <summary>
/// The pooled connections to a provider: bounded, renewed so that a change in DNS is noticed, without redirects, cookies, proxies and traces
/// (which would carry the URL, and with it a secret). Connects itself, TLS included, so that it can say which addresses it connects to, and
/// so that a connecting that failed after its turn was over, when no request waited for it any more, is still seen.
/// </summary>
/// <param name="mayConnect">Whether an address, found for a host, may be connected to.</param>
/// <param name="trust">Which certificates to trust; null for those that the system trusts.</param>
internal sealed class ProviderConnections(Func<DnsEndPoint, IPAddress, bool> mayConnect, X509ChainPolicy? trust = null)
{
    /// <summary>The largest answer that is read, in bytes; those of the services have a few hundred.</summary>
    public const int LargestAnswer = 64 * 1024;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10), Lifetime = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, bool> _unseenFailures = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Makes a client. It never ends a request by itself: the attempt's hard end does.</summary>
    /// <param name="connections">How many connections one host may have.</param>
    public HttpClient CreateClient(int connections) => new(new SocketsHttpHandler
    {
        MaxConnectionsPerServer = connections,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = Lifetime,
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
        ConnectCallback = Connect,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = LargestAnswer,
    };

    /// <summary>
    /// Whether connecting to this host has failed since it was last asked or connected. A turn is shorter than a connecting, so an attempt
    /// that is withdrawn tells what became of the connecting of those before it.
    /// </summary>
    public bool TakeFailure(Uri url) => _unseenFailures.TryRemove(url.Authority, out _);

    private async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var url = context.InitialRequestMessage.RequestUri!;
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            var found = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellation);
            var allowed = Array.FindAll(found, address => mayConnect(context.DnsEndPoint, address));
            if (allowed.Length == 0) throw new HttpRequestException(HttpRequestError.ConnectionError, "None of the host's addresses may be connected to.");
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellation);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (url.Scheme == Uri.UriSchemeHttps) stream = await Secure(stream, context.DnsEndPoint.Host, cancellation);
            _unseenFailures.TryRemove(url.Authority, out _);
            return stream;
        }
        catch
        {
            _unseenFailures[url.Authority] = true;
            socket.Dispose();
            throw;
        }
    }

    private async Task<SslStream> Secure(Stream stream, string host, CancellationToken cancellation)
    {
        SslStream secure = new(stream);
        await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host, CertificateChainPolicy = trust }, cancellation);
        return secure;
    }
}
