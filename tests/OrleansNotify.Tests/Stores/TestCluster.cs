using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Orleans.Configuration;
using Orleans.Persistence;
using Orleans.Reminders;
using Orleans.Serialization;
using Orleans.Storage;
using Orleans.TestingHost;
using StackExchange.Redis;

namespace OrleansNotify.Tests.Stores;

/// <summary>
/// Silos inside this process, on a store, with a clock that stands still until a test moves it. Membership is the test host's own, in
/// memory; grain state and reminders lie in the store. Silos keep to real time for what is no business of a test: messaging, membership.
/// </summary>
public sealed class TestCluster : IAsyncDisposable
{
    private readonly InProcessTestCluster _cluster;

    private TestCluster(InProcessTestCluster cluster, Store store, string serviceId, FakeTimeProvider clock)
    {
        _cluster = cluster;
        Store = store;
        ServiceId = serviceId;
        Clock = clock;
    }

    /// <summary>The store beneath.</summary>
    public Store Store { get; }

    /// <summary>Prefix of this cluster's keys in the store.</summary>
    public string ServiceId { get; }

    /// <summary>The clock of grains, reminders and whatever takes a <see cref="TimeProvider"/> from the silo's services.</summary>
    public FakeTimeProvider Clock { get; }

    /// <summary>A client's view of the grains.</summary>
    public IClusterClient Client => _cluster.Client;

    /// <summary>To add, stop and kill silos.</summary>
    public InProcessTestCluster Silos => _cluster;

    /// <summary>Services of one silo, by its position.</summary>
    public IServiceProvider Services(int silo = 0) => _cluster.Silos[silo].ServiceProvider;

    /// <summary>Starts a cluster.</summary>
    /// <param name="store">The store for grain state and reminders.</param>
    /// <param name="configure">What the silos are to have beyond that.</param>
    /// <param name="silos">How many silos.</param>
    /// <param name="clock">The clock, or null for one that starts at 2026-03-01 12:00 UTC.</param>
    /// <param name="serviceId">The key prefix, or null for a new one; give an earlier cluster's to come back to what it left.</param>
    public static async Task<TestCluster> Start(
        Store store, Action<ISiloBuilder> configure, int silos = 1, FakeTimeProvider? clock = null, string? serviceId = null)
    {
        clock ??= new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        serviceId ??= Store.NewServiceId();
        InProcessTestClusterBuilder builder = new((short)silos);
        builder.Options.ServiceId = serviceId;
        builder.Options.ClusterId = $"{serviceId}-cluster";
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton<TimeProvider>(clock);
            silo.Services.UseTimeProviderForBackgroundAreas(TimeProvider.System);
            silo.Services.AddKeyedSingleton<TimeProvider>(ReminderTimeProviderNames.Reminders, new ReminderClock(clock));
            UseStore(silo, store);
            configure(silo);
        });
        var cluster = builder.Build();
        await cluster.DeployAsync(TestContext.Current.CancellationToken);
        return new TestCluster(cluster, store, serviceId, clock);
    }

    private static void UseStore(ISiloBuilder silo, Store store)
    {
        var connection = ConfigurationOptions.Parse(store.Connection);
        silo.Services.AddSingleton(store.Redis);
        silo.AddRedisGrainStorage(SiloContext.StorageName, (OptionsBuilder<RedisStorageOptions> builder) =>
            builder.Configure<Serializer>((options, serializer) =>
            {
                options.ConfigurationOptions = connection;
                options.CreateMultiplexer = _ => Task.FromResult((store.Redis, true));
                options.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer);
                options.DeleteStateOnClear = true;
            }));
        silo.UseRedisReminderService(options =>
        {
            options.ConfigurationOptions = connection;
            options.CreateMultiplexer = _ => Task.FromResult((store.Redis, true));
        });
        // Grains of a test come and go by the test's own will.
        silo.Configure<GrainCollectionOptions>(options => options.CollectionAge = TimeSpan.FromDays(365));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _cluster.DisposeAsync();
}
