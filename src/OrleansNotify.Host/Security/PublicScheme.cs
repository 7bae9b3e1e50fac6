using System.Collections.Immutable;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace OrleansNotify.Host.Security;

/// <summary>How people reach the host, where that is not how requests come to it: by a proxy that ends TLS.</summary>
internal static class PublicScheme
{
    /// <summary>
    /// Takes the caller's address and scheme from the headers of proxies that are trusted, and none else's. Where the public URL is https,
    /// requests count as https: whatever they crossed on their way, the browser's end of it is encrypted.
    /// </summary>
    public static void UsePublicScheme(this WebApplication app, Uri? publicUrl, ImmutableArray<IPNetwork> trustedProxies)
    {
        if (!trustedProxies.IsEmpty)
        {
            ForwardedHeadersOptions options = new()
            {
                ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
                ForwardLimit = null,
            };
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var proxy in trustedProxies) options.KnownIPNetworks.Add(proxy);
            app.UseForwardedHeaders(options);
        }

        if (publicUrl?.Scheme != Uri.UriSchemeHttps) return;
        app.Use((context, next) =>
        {
            context.Request.Scheme = Uri.UriSchemeHttps;
            return next(context);
        });
    }
}
