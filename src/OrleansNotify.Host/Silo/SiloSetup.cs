using System.Net;
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
    public static void Configure(ISiloBuilder silo, HostSettings settings, SiloAddresses addresses, IConnectionMultiplexer redis, NotifyOptions notify)
    {
        silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (settings.Cluster.ClusterId, settings.Cluster.ServiceId));
        Endpoints(silo, settings, addresses);
        Shared(silo, settings.Redis ?? new ConfigurationOptions(), redis);
        silo.Configure<ClusterMembershipOptions>(options =>
        {
            // A silo that died alone has no neighbour to notice it: its row is stale after three of these.
            options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(3);
            // Three probes in a row that are not answered within this mean a dead silo, after some 10 s. The runtime would lengthen it fourfold by
            // itself where answers are slow, and a frozen silo would cost its users 37 s. A busy silo is safe: it has 9 s for one answer, and
            // whatever it sends meanwhile, on any connection, counts as one.
            options.ProbeTimeout = options.MinProbeTimeout = options.MaxProbeTimeout = TimeSpan.FromSeconds(3);
            // Where two of three die, the one left would ask each of them about the other, and take twice as long. It takes two votes anyway.
            options.EnableIndirectProbes = false;
        });
        silo.AddDashboard(options => options.HideTrace = true);
        silo.AddNotify(notify);
    }

    private static void Endpoints(ISiloBuilder silo, HostSettings settings, SiloAddresses addresses)
    {
        var cluster = settings.Cluster;
        var (siloPort, gatewayPort) = settings.Redis is null
            ? (cluster.SiloPort ?? FreePort.Find(), cluster.GatewayPort ?? FreePort.Find())
            : (cluster.SiloPort ?? EndpointOptions.DEFAULT_SILO_PORT, cluster.GatewayPort ?? EndpointOptions.DEFAULT_GATEWAY_PORT);
        // Whoever reaches these ports is trusted: a silo listens on one address, and on no other.
        silo.Configure<EndpointOptions>(options =>
        {
            (options.SiloPort, options.GatewayPort, options.AdvertisedIPAddress) = (siloPort, gatewayPort, addresses.Advertised);
            options.SiloListeningEndpoint = new IPEndPoint(addresses.Listening, siloPort);
            options.GatewayListeningEndpoint = new IPEndPoint(addresses.Listening, gatewayPort);
        });
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
