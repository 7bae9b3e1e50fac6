using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
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
            grains, cluster.Service<ChannelWatch>(), cluster.Service<RunningSends>(), cluster.Service<ISiloStatusOracle>(), cluster.Clock, NullLogger<SiloLife>.Instance);
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
