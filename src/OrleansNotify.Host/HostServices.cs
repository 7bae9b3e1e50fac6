using Microsoft.AspNetCore.DataProtection;
using OrleansNotify.Host.Api;
using OrleansNotify.Host.Auth;
using OrleansNotify.Host.Settings;
using OrleansNotify.Host.Silo;
using OrleansNotify.Host.Store;
using OrleansNotify.Metrics;
using OrleansNotify.Templates;
using StackExchange.Redis;

namespace OrleansNotify.Host;

/// <summary>What a host is made of.</summary>
internal static class HostServices
{
    // Sends under way have 25 s from the signal on (SMTP's 120 s hard end is cut); the rest is for the silo to leave.
    private static readonly TimeSpan ShutdownAtMost = TimeSpan.FromSeconds(26);

    public static void Add(
        WebApplicationBuilder builder, HostSettings settings, SiloAddresses addresses, NotifyOptions notify, JwtSettings jwt, IConnectionMultiplexer redis,
        StoreHealth health, TemplateCatalog templates)
    {
        var services = builder.Services;
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(settings);
        services.AddSingleton(redis);
        services.AddSingleton(health);
        services.AddSingleton(templates);
        services.AddSingleton(new NotifyMetrics(Prometheus.Metrics.DefaultRegistry, templates.All.Select(template => template.Manifest.Type).Distinct()));
        services.AddHostedService<StoreWatch>();
        ChannelSetup.AddSenders(services, notify);
        services.Configure<HostOptions>(options => options.ShutdownTimeout = ShutdownAtMost - settings.Drain);
        services.AddDataProtection()
            .SetApplicationName(settings.Cluster.ServiceId)
            .PersistKeysToStackExchangeRedis(() => redis.GetDatabase(), $"{settings.Cluster.ServiceId}/keys");
        builder.Host.UseOrleans(silo => SiloSetup.Configure(silo, settings, addresses, redis, notify));
        builder.AddNotifyApi(jwt);
        SignIn.Add(services, behindHttps: settings.PublicUrl?.Scheme == Uri.UriSchemeHttps);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1 << 20;
            kestrel.Limits.MaxRequestHeaderCount = 64;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
            kestrel.Limits.MaxRequestLineSize = 8 * 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            // The server's own 240 a second let a body of 1 MiB take an hour.
            kestrel.Limits.MinRequestBodyDataRate = new(bytesPerSecond: 1024, gracePeriod: TimeSpan.FromSeconds(5));
        });
    }
}
