using System.Net;

namespace OrleansNotify.Host.Auth;

/// <summary>Requests of whoever sits at this machine.</summary>
internal static class LocalRequest
{
    // What proxies add; the last is what is left of the first when it came by a trusted one.
    private static readonly string[] Forwarding = ["X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-IP", "Forwarded", "Via", "X-Original-For"];

    /// <summary>
    /// Whether a request comes from this machine, by no proxy, and names this machine and the port that it came to: another site's page that
    /// has its own name point here (DNS rebinding) does not.
    /// </summary>
    public static bool Is(HttpContext context) => context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
        && !Forwarding.Any(context.Request.Headers.ContainsKey) && IsLocalName(context.Request.Host.Host)
        && (context.Request.Host.Port ?? DefaultPort) == context.Connection.LocalPort;

    private const int DefaultPort = 80;

    private static bool IsLocalName(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
