using OrleansNotify.Host.Settings;
using OrleansNotify.Storage;
using StackExchange.Redis;

namespace OrleansNotify.Host.Store;

/// <summary>The one connection that clustering, grain storage, reminders, keys and our own scripts share.</summary>
internal static partial class RedisConnection
{
    private const int CallTimeout = 2000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15), ProbeLife = TimeSpan.FromSeconds(1);
    private static readonly Version Oldest = new(7, 0);

    /// <summary>Connects, and waits for the first answer for 15 s; while Redis says that it is loading its data, until it has.</summary>
    /// <exception cref="SettingsException">There was none, or the server is not one that the cluster can run on, or it takes no writes now.</exception>
    public static async Task<ConnectionMultiplexer> Open(ConfigurationOptions settings, string serviceId, ILogger log, CancellationToken cancellation)
    {
        var options = settings.Clone();
        options.AsyncTimeout = options.SyncTimeout = Math.Min(options.AsyncTimeout, CallTimeout);
        options.AbortOnConnectFail = false;
        options.ClientName ??= "orleans-notify";
        // What was never sent is known to be undone at once, not after a time-out that leaves it open.
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ReconnectRetryPolicy = new ExponentialRetry(250, CallTimeout);
        var redis = await ConnectionMultiplexer.ConnectAsync(options);
        try
        {
            await FirstAnswer(redis, serviceId, log, cancellation);
            var info = await Info(redis, log);
            if (Unfit(redis, info) is { } reason) throw new SettingsException(["REDIS_CONNECTION: " + reason]);
            WarnOfLoss(info, log);
            return redis;
        }
        catch
        {
            await redis.DisposeAsync();
            throw;
        }
    }

    private static async Task FirstAnswer(ConnectionMultiplexer redis, string serviceId, ILogger log, CancellationToken cancellation)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        using PeriodicTimer again = new(TimeSpan.FromMilliseconds(250));
        var toldLoading = false;
        for (; ; )
        {
            try
            {
                // A write: its memory may be full, its disk, or it may be a replica.
                await redis.GetDatabase().StringSetAsync($"{serviceId}/starting", RedisValue.EmptyString, ProbeLife);
                return;
            }
            catch (RedisServerException fault) when (!IsLoading(fault))
            {
                // It is there and refuses: waiting would not help. Its answers (NOAUTH, WRONGPASS, OOM, READONLY, MISCONF) hold no secret. What
                // rights are lacking is said afterwards, all at once.
                if (StoreTroubles.Of(fault) == StoreTrouble.NoRight) return;
                throw new SettingsException([$"REDIS_CONNECTION: {Servers(redis)} refuses: {fault.Message}"]);
            }
            catch (Exception fault) when (StoreFault.IsOne(fault))
            {
                if (IsLoading(fault))
                {
                    if (!toldLoading) LogLoading(log, Servers(redis));
                    toldLoading = true;
                    patience.CancelAfter(Patience);
                }

                if (!await Tick(again, patience.Token))
                    throw new SettingsException([$"REDIS_CONNECTION: no answer from {Servers(redis)} within {Patience.TotalSeconds:0} s: is it running, and does it take this user and password, and let it use +echo?"]);
            }
        }
    }

    private static bool IsLoading(Exception fault) => fault is RedisServerException && fault.Message.StartsWith("LOADING", StringComparison.Ordinal);

    private static async Task<bool> Tick(PeriodicTimer timer, CancellationToken cancellation)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static async Task<ILookup<string, string>> Info(ConnectionMultiplexer redis, ILogger log)
    {
        try
        {
            return Lines((await redis.GetDatabase().ExecuteAsync("INFO")).ToString()).ToLookup(line => line.Key, line => line.Value);
        }
        catch (Exception fault) when (StoreFault.IsOne(fault))
        {
            LogNoInfo(log, fault.Message);
            return Lines("").ToLookup(line => line.Key, line => line.Value);
        }
    }

    private static string? Unfit(ConnectionMultiplexer redis, ILookup<string, string> info)
    {
        if (info["redis_mode"].FirstOrDefault() == "cluster") return "Redis Cluster is not supported; use one primary, with replicas and Sentinel if you like";
        if (Version.TryParse(info["redis_version"].FirstOrDefault(), out var version) && version < Oldest)
            return $"{Servers(redis)} is Redis {version}; 7.0 or later is needed";
        return null;
    }

    private static void WarnOfLoss(ILookup<string, string> info, ILogger log)
    {
        if (info["aof_enabled"].FirstOrDefault() == "0") LogNotDurable(log);
        if (info["maxmemory_policy"].FirstOrDefault() is { } policy && policy != "noeviction") LogEvicts(log, policy);
    }

    private static string Servers(ConnectionMultiplexer redis) => string.Join(", ", redis.GetEndPoints().Select(point => point is System.Net.DnsEndPoint dns ? $"{dns.Host}:{dns.Port}" : point.ToString()));

    private static IEnumerable<(string Key, string Value)> Lines(string info) => info.Split('\n')
        .Select(line => line.Trim().Split(':', 2))
        .Where(parts => parts.Length == 2)
        .Select(parts => (parts[0], parts[1]));

    [LoggerMessage(LogLevel.Information, "Redis at {Servers} is still loading its data: waiting until it has")]
    private static partial void LogLoading(ILogger log, string servers);

    [LoggerMessage(LogLevel.Warning, "Whether Redis is 7.0 or later, keeps an append-only file and throws nothing away is not known: it does not answer INFO ({Answer})")]
    private static partial void LogNoInfo(ILogger log, string answer);

    [LoggerMessage(LogLevel.Warning, "Redis keeps no append-only file: what it has accepted is lost when it stops (appendonly yes)")]
    private static partial void LogNotDurable(ILogger log);

    [LoggerMessage(LogLevel.Warning, "Redis throws keys away when its memory is full, accepted messages too: its maxmemory-policy is {Policy}, and should be noeviction")]
    private static partial void LogEvicts(ILogger log, string policy);
}
