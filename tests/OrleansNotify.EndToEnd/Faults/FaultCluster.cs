using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using OrleansNotify.EndToEnd.Hosts;
using OrleansNotify.Sandbox;
using OrleansNotify.Tests.Processes;
using StackExchange.Redis;

namespace OrleansNotify.EndToEnd.Faults;

/// <summary>Hosts, their store and the providers: three on a real Redis with the proxy between, or one with its own store.</summary>
internal sealed class FaultCluster : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("notify-faults-");
    private readonly List<FaultyHost> _hosts = [];
    private readonly FaultSettings _settings;
    private readonly FaultNotes _notes;
    private IHost? _client;

    private FaultCluster(FaultSettings settings, FaultNotes notes) => (_settings, _notes) = (settings, notes);

    public IReadOnlyList<FaultyHost> Hosts => _hosts;

    public Providers Providers { get; private set; } = null!;

    /// <summary>Null with the embedded store, as the three that follow.</summary>
    public RedisProcess? Redis { get; private set; }

    public LateProxy? Proxy { get; private set; }

    /// <summary>A connection past the proxy.</summary>
    public IConnectionMultiplexer? Direct { get; private set; }

    /// <summary>A silo client.</summary>
    public IClusterClient? Client { get; private set; }

    public static async Task<FaultCluster> Start(FaultSettings settings, FaultNotes notes)
    {
        FaultCluster cluster = new(settings, notes);
        try
        {
            await cluster.Start();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    private async Task Start()
    {
        Providers = await Providers.Start(new SandboxOptions { InboxCapacity = int.MaxValue });
        if (!_settings.Embedded)
        {
            Redis = await RedisProcess.Start();
            Proxy = new LateProxy(Redis.Port);
            Direct = await ConnectionMultiplexer.ConnectAsync($"{Redis.Connection},abortConnect=false,allowAdmin=true");
        }

        for (var number = 1; number <= _settings.Hosts; number++)
        {
            var folder = _folder.CreateSubdirectory($"host-{number}").FullName;
            var store = Proxy is null ? HostEnvironment.Embedded(folder) : HostEnvironment.OnRedis($"127.0.0.1:{Proxy.Port}", folder);
            _hosts.Add(new FaultyHost($"host-{number}", store.With(Providers.Environment, s_limits), folder, _notes));
        }

        await Task.WhenAll(_hosts.Select(host => host.Start()));
        if (Redis is not null) await StartClient(Redis.Connection);
    }

    // Wide enough not to be what a run waits for; that there is one has messages wait for permits.
    private static readonly Dictionary<string, string> s_limits = new() { ["RATE_LIMIT_TELEGRAM"] = "50/1s", ["RATE_LIMIT_EMAIL"] = "3000/1m" };

    private async Task StartClient(string redis)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleansClient(client => client
            .UseRedisClustering(redis)
            .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = ("notify", "notify"))
            .Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(5)));
        _client = builder.Build();
        await _client.StartAsync();
        Client = _client.Services.GetRequiredService<IClusterClient>();
    }

    /// <summary>The users whose grain is on a host.</summary>
    public async Task<IReadOnlySet<string>> UsersOn(FaultyHost host) =>
        (await Grains("user")).Where(grain => $"{grain.SiloAddress.Endpoint.Port}" == host.SiloPort).Select(grain => grain.GrainId.Key.ToString()!).ToHashSet();

    /// <summary>The host that a campaign's grain is on; null where there is none, or only one host.</summary>
    public async Task<FaultyHost?> HostOfCampaign() =>
        (await Grains("campaign")).Select(grain => Hosts.FirstOrDefault(host => $"{grain.SiloAddress.Endpoint.Port}" == host.SiloPort)).FirstOrDefault();

    private async Task<IEnumerable<DetailedGrainStatistic>> Grains(string type)
    {
        if (Client is null) return [];
        var all = await Client.GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics().WaitAsync(TimeSpan.FromSeconds(10));
        return all.Where(grain => grain.GrainId.Type.ToString() == type);
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            // It may wait for gateways that are gone; nobody asks it anything any more.
            using CancellationTokenSource atMost = new(TimeSpan.FromSeconds(5));
            await _client.StopAsync(atMost.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(_hosts.Select(host => host.DisposeAsync().AsTask()));
        if (Direct is not null) await Direct.DisposeAsync();
        if (Proxy is not null) await Proxy.DisposeAsync();
        if (Redis is not null) await Redis.DisposeAsync();
        if (Providers is not null) await Providers.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
