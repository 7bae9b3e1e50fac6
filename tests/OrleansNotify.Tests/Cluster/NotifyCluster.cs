using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OrleansNotify.Delivery;
using OrleansNotify.Metrics;
using OrleansNotify.RateLimiting;
using OrleansNotify.Storage;
using OrleansNotify.Tests.Stores;
using OrleansNotify.Users;
using Prometheus;
using StackExchange.Redis;

namespace OrleansNotify.Tests.Cluster;

/// <summary>The whole cluster on a store, with senders that a test scripts and a clock that stands until it is moved.</summary>
internal sealed class NotifyCluster : IAsyncDisposable
{
    private readonly TestCluster _cluster;

    private NotifyCluster(TestCluster cluster, ImmutableDictionary<Channel, ScriptedSender> senders) => (_cluster, Senders) = (cluster, senders);

    public ImmutableDictionary<Channel, ScriptedSender> Senders { get; }

    public ScriptedSender Email => Senders[Channel.Email];

    public ScriptedSender Telegram => Senders[Channel.Telegram];

    public ScriptedSender Push => Senders[Channel.Push];

    public FakeTimeProvider Clock => _cluster.Clock;

    public string ServiceId => _cluster.ServiceId;

    public Keys Keys => new(ServiceId);

    public IDatabase Redis => _cluster.Store.Redis.GetDatabase();

    public IClusterClient Client => _cluster.Client;

    public TestCluster Inner => _cluster;

    public FaultyStore Store(int silo = 0) => (FaultyStore)_cluster.Services(silo).GetRequiredService<CommitStore>();

    public T Service<T>(int silo = 0) where T : notnull => _cluster.Services(silo).GetRequiredService<T>();

    public IUserGrain User(string id) => Client.GetGrain<IUserGrain>(id);

    /// <summary>Starts it, and waits until every silo has looked at its channels.</summary>
    public static async Task<NotifyCluster> Start(
        Store store, int silos = 1, FakeTimeProvider? clock = null, string? serviceId = null, int room = 1000,
        ImmutableDictionary<Channel, RateLimit>? limits = null, Channel[]? configured = null, HistoryLimits? history = null)
    {
        var isNew = serviceId is null;
        serviceId ??= OrleansNotify.Tests.Stores.Store.NewServiceId();
        var senders = Enum.GetValues<Channel>().ToImmutableDictionary(channel => channel, channel => new ScriptedSender(channel));
        var options = Options(serviceId, configured ?? Enum.GetValues<Channel>()) with
        {
            Room = room,
            StoreKeepsParts = store.Kind == StoreKind.Embedded,
            Limits = limits ?? ImmutableDictionary<Channel, RateLimit>.Empty,
            History = history ?? HistoryLimits.Default,
        };
        var cluster = await TestCluster.Start(store, silo => Configure(silo, options, senders), silos, clock, serviceId);
        NotifyCluster notify = new(cluster, senders);
        for (var i = 0; i < silos && isNew; i++)
        {
            var watch = notify.Service<ChannelWatch>(i);
            await Eventually.True(() => options.Limits.Count > 0 || Enum.GetValues<Channel>().All(channel => watch.IsFree(channel, Priority.Campaign)));
        }

        return notify;
    }

    private static void Configure(ISiloBuilder silo, NotifyOptions options, ImmutableDictionary<Channel, ScriptedSender> senders)
    {
        silo.Services
            .AddSingleton(TestTemplates.Catalog)
            .AddSingleton(_ => Prometheus.Metrics.NewCustomRegistry())
            .AddSingleton(services => new NotifyMetrics(services.GetRequiredService<CollectorRegistry>()));
        foreach (var sender in senders.Values) silo.Services.AddSingleton<IChannelSender>(sender);
        silo.AddNotify(options);
        silo.Services.AddSingleton<CommitStore, FaultyStore>();
    }

    private static NotifyOptions Options(string serviceId, Channel[] configured) => new()
    {
        ServiceId = serviceId,
        PublicUrl = "https://notify.example",
        StoreFollowsClock = true,
        Email = configured.Contains(Channel.Email) ? new EmailOptions { Host = "127.0.0.1", Port = 25, From = "alerts@b.example" } : null,
        Telegram = configured.Contains(Channel.Telegram) ? new TelegramOptions { BotToken = "1:test" } : null,
        Push = configured.Contains(Channel.Push) ? new PushOptions { VapidPublicKey = "", VapidPrivateKey = "", ClaimEmail = "a@b.example" } : null,
    };

    /// <summary>Stops the silos; time passes meanwhile, so that a send that a test has left hanging comes to its hard end.</summary>
    public async ValueTask DisposeAsync()
    {
        var stopped = _cluster.DisposeAsync().AsTask();
        using PeriodicTimer poll = new(TimeSpan.FromMilliseconds(20));
        while (!stopped.IsCompleted)
        {
            await poll.WaitForNextTickAsync(CancellationToken.None);
            Clock.Advance(TimeSpan.FromSeconds(5));
        }

        await stopped;
    }
}

internal static class NotifyClusterStore
{
    /// <summary>What a metric of the first silo counts, as Prometheus would read it: <c>name{label="value"}</c>.</summary>
    public static async Task<string?> Counted(this NotifyCluster cluster, string series)
    {
        using MemoryStream text = new();
        await cluster.Service<CollectorRegistry>().CollectAndExportAsTextAsync(text, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(text.ToArray()).Split('\n').FirstOrDefault(line => line.StartsWith(series + " ", StringComparison.Ordinal))?[(series.Length + 1)..];
    }

    /// <summary>How many entries all shards of the agenda hold.</summary>
    public static async Task<long> AgendaLength(this NotifyCluster cluster)
    {
        var lengths = Enumerable.Range(0, Keys.AgendaShards).Select(shard => cluster.Redis.SortedSetLengthAsync(cluster.Keys.Agenda(shard)));
        return (await Task.WhenAll(lengths)).Sum();
    }
}
