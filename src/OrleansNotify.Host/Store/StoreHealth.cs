using OrleansNotify.Metrics;
using OrleansNotify.Storage;
using StackExchange.Redis;

namespace OrleansNotify.Host.Store;

/// <summary>
/// Whether the store can take what it is given: a small write tells, once a second at most, whoever asks. A store that is full, or a replica,
/// answers every read.
/// </summary>
/// <param name="write">Writes something small.</param>
/// <param name="freeBytes">What is left of the disk beneath the embedded store; null with a store of another machine.</param>
/// <param name="clock">The clock.</param>
internal sealed class StoreHealth(Func<Task> write, Func<long>? freeBytes, TimeProvider clock)
{
    /// <summary>With less than this left, in bytes, nothing new is accepted: the rest is for what is under way.</summary>
    public const long DiskReserve = 128 * 1024 * 1024;

    /// <summary>How old a look may be.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500), ProbeLife = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private Task<StoreLook>? _looking;
    private long _began;

    /// <summary>Of the store behind this connection.</summary>
    public static StoreHealth Of(IConnectionMultiplexer redis, string serviceId, Func<long>? freeBytes, TimeProvider clock) =>
        new(() => redis.GetDatabase().StringSetAsync($"{serviceId}/probe", RedisValue.EmptyString, ProbeLife), freeBytes, clock);

    /// <summary>Whether the disk beneath the embedded store is nearly full.</summary>
    public bool IsDiskFull => freeBytes is not null && freeBytes() < DiskReserve;

    /// <summary>What is left of the disk of a folder.</summary>
    public static Func<long> DiskOf(string folder)
    {
        DriveInfo drive = new(folder);
        return () => drive.AvailableFreeSpace;
    }

    /// <summary>Looks, or joins a look of the last second; one that is not answered ends as the connection's time-out says.</summary>
    public Task<StoreLook> Look()
    {
        lock (_gate)
        {
            if (_looking is { IsCompleted: false } || (_looking is not null && clock.GetElapsedTime(_began) < Fresh)) return _looking;
            _began = clock.GetTimestamp();
            return _looking = Write();
        }
    }

    /// <summary>What ails the store, for one who cannot wait: what does not answer at once is silent. Null if nothing does.</summary>
    public async Task<StoreTrouble?> Trouble()
    {
        try
        {
            return (await Look().WaitAsync(Patience, clock)).Trouble;
        }
        catch (TimeoutException)
        {
            return StoreTrouble.Silent;
        }
    }

    private async Task<StoreLook> Write()
    {
        var began = clock.GetTimestamp();
        try
        {
            await write();
            return new StoreLook(null, clock.GetElapsedTime(began));
        }
        catch (Exception fault) when (StoreFault.IsOne(fault))
        {
            return new StoreLook(StoreTroubles.Of(fault), clock.GetElapsedTime(began));
        }
    }
}

/// <summary>What a look at the store showed.</summary>
/// <param name="Trouble">What ails it; null if it takes writes.</param>
/// <param name="Took">How long the answer took.</param>
internal sealed record StoreLook(StoreTrouble? Trouble, TimeSpan Took);

/// <summary>Looks at the store all the time: says once that it takes no writes and why, and that it does again.</summary>
internal sealed partial class StoreWatch(StoreHealth store, NotifyMetrics metrics, TimeProvider clock, ILogger<StoreWatch> log) : BackgroundService
{
    private (StoreTrouble Trouble, long Since)? _outage;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(StoreHealth.Fresh, clock);
        do Note(await store.Look());
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Says what has changed.</summary>
    public void Note(StoreLook look)
    {
        metrics.StoreWritable(look.Trouble is null);
        if (look.Trouble is { } trouble)
        {
            if (_outage?.Trouble != trouble) LogTrouble(StoreTroubles.Sentence(trouble));
            _outage = (trouble, _outage?.Since ?? clock.GetTimestamp());
        }
        else if (_outage is { } outage)
        {
            LogBack(clock.GetElapsedTime(outage.Since).TotalSeconds);
            _outage = null;
        }
    }

    [LoggerMessage(LogLevel.Error, "{Trouble} Requests that need it are refused until it does")]
    private partial void LogTrouble(string trouble);

    [LoggerMessage(LogLevel.Information, "The store takes writes again, after {Seconds:0} s")]
    private partial void LogBack(double seconds);
}
