using System.Net;
using System.Reflection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;
using OrleansNotify.Delivery;
using OrleansNotify.RateLimiting;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.Cluster;

public sealed class SiloLifeTests(StoreFixture stores)
{
    [Fact]
    public async Task Shards_that_could_not_be_woken_are_woken_again()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var grains = DispatchProxy.Create<IGrainFactory, Unreachable>();
        using SiloLife life = new(
            grains, cluster.Service<ChannelWatch>(), cluster.Service<RunningSends>(), cluster.Service<ISiloStatusOracle>(), cluster.Service<NotifyOptions>(), cluster.Clock,
            NullLogger<SiloLife>.Instance);
        Lifecycle lifecycle = new();
        life.Participate(lifecycle);

        await lifecycle.Observer!.OnStart(TestContext.Current.CancellationToken);
        await Eventually.True(() =>
        {
            cluster.Clock.Advance(TimeSpan.FromSeconds(1));
            return ((Unreachable)(object)grains).Asked > 1;
        });
        await lifecycle.Observer.OnStop(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_silo_that_joins_leaves_or_is_declared_dead_is_told_in_the_log()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var oracle = cluster.Service<ISiloStatusOracle>();
        FakeLogger<SiloLife> log = new();
        using SiloLife life = new(
            DispatchProxy.Create<IGrainFactory, Unreachable>(), cluster.Service<ChannelWatch>(), cluster.Service<RunningSends>(), oracle, cluster.Service<NotifyOptions>(),
            cluster.Clock, log);
        var (leaving, dying) = (SiloAddress.New(IPAddress.Loopback, 11, 1), SiloAddress.New(IPAddress.Loopback, 12, 2));

        life.SiloStatusChangeNotification(leaving, SiloStatus.Active);
        life.SiloStatusChangeNotification(dying, SiloStatus.Joining);
        life.SiloStatusChangeNotification(leaving, SiloStatus.ShuttingDown);
        life.SiloStatusChangeNotification(leaving, SiloStatus.Stopping);
        life.SiloStatusChangeNotification(leaving, SiloStatus.Dead);
        life.SiloStatusChangeNotification(dying, SiloStatus.Dead);
        life.SiloStatusChangeNotification(oracle.SiloAddress, SiloStatus.Dead);

        Assert.Equal(
            [
                (LogLevel.Information, $"The silo {leaving} has joined the cluster"),
                (LogLevel.Information, $"The silo {leaving} has left the cluster"),
                (LogLevel.Warning, $"The silo {dying} was declared dead, for it did not answer: other silos take its users over"),
            ],
            log.Collector.GetSnapshot().Select(line => (line.Level, line.Message)));
    }

    private sealed class Lifecycle : ISiloLifecycle
    {
        public ILifecycleObserver? Observer { get; private set; }

        public int HighestCompletedStage => 0;

        public int LowestStoppedStage => 0;

        public IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer)
        {
            Observer = observer;
            return NullLogger.Instance.BeginScope("")!;
        }
    }
}

/// <summary>A cluster in which no grain can be reached.</summary>
public class Unreachable : DispatchProxy
{
    private int _asked;

    /// <summary>How often one was looked for.</summary>
    public int Asked => Volatile.Read(ref _asked);

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        Interlocked.Increment(ref _asked);
        throw new TimeoutException("No grain answers.");
    }
}
