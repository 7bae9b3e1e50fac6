using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Net;
using System.Text.RegularExpressions;

namespace OrleansNotify.Channels.Push;

/// <summary>
/// Which push endpoints are called. They come from users, and the cluster must not be made to call an inner address: so they are checked when
/// they are stored, again when they are sent to, and the address that a host's name has then is checked as well.
/// </summary>
internal sealed partial class EndpointPolicy
{
    private const int LongestEndpoint = 2048;

    // The push services of Chromium, Firefox, Safari and Edge.
    private static readonly string[] Hosts = ["fcm.googleapis.com", "android.googleapis.com", "jmt17.google.com", "web.push.apple.com"];
    private static readonly string[] Domains = [".push.services.mozilla.com", ".push.apple.com", ".notify.windows.com"];

    private readonly bool _hasBuiltIn;
    private readonly FrozenSet<string> _literal;
    private readonly FrozenSet<string> _literalHosts;

    /// <param name="allowedOrigins">Replaces the built-in list where it is not empty; these may be plain HTTP, on any port and address.</param>
    /// <param name="sandboxOrigin">One more of the same kind, which replaces nothing.</param>
    public EndpointPolicy(ImmutableArray<string> allowedOrigins, string? sandboxOrigin = null)
    {
        _hasBuiltIn = allowedOrigins.IsEmpty;
        var urls = (sandboxOrigin is null ? allowedOrigins : allowedOrigins.Add(sandboxOrigin)).Select(origin => new Uri(origin)).ToList();
        _literal = urls.Select(Origin).ToFrozenSet(StringComparer.Ordinal);
        _literalHosts = urls.Select(url => HostAndPort(url.IdnHost, url.Port)).ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>An endpoint's push service: scheme and authority.</summary>
    public static string Origin(Uri url) => url.GetLeftPart(UriPartial.Authority);

    /// <summary>Reads an endpoint: what is wrong with it, or null and its URL.</summary>
    public string? Check(string endpoint, out Uri? url)
    {
        url = null;
        if (endpoint.Length > LongestEndpoint) return $"Must have at most {LongestEndpoint} characters.";
        // Only what every URL parser reads in the same way: an authority without user name, escapes and characters beyond ASCII.
        if (!Form().IsMatch(endpoint) || !Uri.TryCreate(endpoint, UriKind.Absolute, out var read)) return "Must be the URL of a push service.";
        if (!IsAllowed(read)) return "Must be of a push service that is allowed here.";
        url = read;
        return null;
    }

    /// <summary>Whether an address that was found for a host may be connected to.</summary>
    public bool MayConnect(DnsEndPoint host, IPAddress address) =>
        _literalHosts.Contains(HostAndPort(host.Host, host.Port)) || PublicAddress.Holds(address);

    private bool IsAllowed(Uri url) => _literal.Contains(Origin(url)) || (_hasBuiltIn && IsBuiltIn(url));

    private static bool IsBuiltIn(Uri url) => url.Scheme == Uri.UriSchemeHttps && url.IsDefaultPort
        && (Hosts.Contains(url.Host) || Array.Exists(Domains, domain => url.Host.EndsWith(domain, StringComparison.Ordinal)));

    private static string HostAndPort(string host, int port) => $"{host.Trim('[', ']')}:{port}";

    [GeneratedRegex(@"^https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?(/[!-~-[\\#]]*)?\z")]
    private static partial Regex Form();
}
