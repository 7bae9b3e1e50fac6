using OrleansNotify.Host.Store;

namespace OrleansNotify.Host.Settings;

/// <summary>Where the host listens for HTTP.</summary>
internal static class ListenAddresses
{
    /// <summary>Used where <c>ASPNETCORE_URLS</c> is not set: this machine alone.</summary>
    public const string Default = "http://127.0.0.1:5080";

    /// <summary>The addresses, with a free port in the place of port 0: links to this host are made before it listens.</summary>
    public static string[] Resolve(string? urls) => [.. (urls ?? Default).Split(';', StringSplitOptions.RemoveEmptyEntries).Select(WithPort)];

    /// <summary>How a browser on this machine reaches an address.</summary>
    public static Uri ForBrowser(string address)
    {
        var binding = BindingAddress.Parse(address);
        var host = binding.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "localhost" : binding.Host;
        return new UriBuilder(binding.Scheme, host, binding.Port).Uri;
    }

    private static string WithPort(string address) => BindingAddress.Parse(address) is { Port: 0, Host: "127.0.0.1" or "localhost" or "[::1]" } local
        ? $"{local.Scheme}://127.0.0.1:{FreePort.Find()}"
        : address;
}
