using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Dashboard;
using Orleans.Persistence;
using Orleans.Serialization;
using Orleans.Storage;
using OrleansNotify.Host.Settings;
using OrleansNotify.Host.Store;
using StackExchange.Redis;

namespace OrleansNotify.Host.Silo;

/// <summary>The Orleans silo: clustering, storage and reminders on the one connection to the store, the dashboard, and the cluster's grains.</summary>
internal static class SiloSetup
{
    public static void Configure(ISiloBuilder silo, HostSettings settings, IConnectionMultiplexer redis, NotifyOptions notify)
    {
        silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (settings.Cluster.ClusterId, settings.Cluster.ServiceId));
        Endpoints(silo, settings);
        Shared(silo, settings.Redis ?? new ConfigurationOptions(), redis);
        silo.Configure<ClusterMembershipOptions>(options =>
        {
            // A silo that died alone has no neighbour to notice it: its row is stale after three of these.
            options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(3);
            options.ProbeTimeout = TimeSpan.FromSeconds(3);
            // Where two of three die, the one left would ask each of them about the other, and take twice as long. It takes two votes anyway.
            options.EnableIndirectProbes = false;
        });
        silo.AddDashboard(options => options.HideTrace = true);
        silo.AddNotify(notify);
    }

    private static void Endpoints(ISiloBuilder silo, HostSettings settings)
    {
        var cluster = settings.Cluster;
        var (siloPort, gatewayPort) = settings.Redis is null
            ? (cluster.SiloPort ?? FreePort.Find(), cluster.GatewayPort ?? FreePort.Find())
            : (cluster.SiloPort ?? EndpointOptions.DEFAULT_SILO_PORT, cluster.GatewayPort ?? EndpointOptions.DEFAULT_GATEWAY_PORT);
        // Whoever reaches these ports is trusted: a silo listens on the address that it gives others, and on no other.
        if (cluster.AdvertisedIp is { } advertised) silo.ConfigureEndpoints(advertised, siloPort, gatewayPort, listenOnAnyHostAddress: false);
        else silo.ConfigureEndpoints(siloPort, gatewayPort, AddressFamily.InterNetwork, listenOnAnyHostAddress: false);
    }

    private static void Shared(ISiloBuilder silo, ConfigurationOptions connection, IConnectionMultiplexer redis)
    {
        silo.UseRedisClustering(options =>
        {
            options.ConfigurationOptions = connection;
            options.CreateMultiplexer = _ => Task.FromResult((redis, true));
        });
        silo.UseRedisReminderService(options =>
        {
            options.ConfigurationOptions = connection;
            options.CreateMultiplexer = _ => Task.FromResult((redis, true));
        });
        silo.AddRedisGrainStorage(SiloContext.StorageName, Storage);
        silo.AddRedisGrainStorageAsDefault(Storage);

        void Storage(OptionsBuilder<RedisStorageOptions> builder) => builder.Configure<Serializer>((options, serializer) =>
        {
            options.ConfigurationOptions = connection;
            options.CreateMultiplexer = _ => Task.FromResult((redis, true));
            options.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer);
            options.DeleteStateOnClear = true;
        });
    }
}
