using System.Net;

namespace OrleansNotify.Host.Auth;

/// <summary>Requests of whoever sits at this machine.</summary>
internal static class LocalRequest
{
    /// <summary>
    /// Whether a request comes from this machine, by no proxy, and names this machine: another site's page that has its own name point
    /// here (DNS rebinding) does not.
    /// </summary>
    public static bool Is(HttpContext context) => context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
        && !context.Request.Headers.ContainsKey("X-Forwarded-For") && !context.Request.Headers.ContainsKey("Forwarded")
        && IsLocalName(context.Request.Host.Host);

    private static bool IsLocalName(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
