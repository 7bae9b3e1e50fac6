using StackExchange.Redis;

namespace OrleansNotify.Host.Store;

/// <summary>The store of one machine: Garnet in this process, with its append-only log in the data folder.</summary>
internal sealed partial class EmbeddedStore : IDisposable
{
    private readonly DataFolder _folder;
    private readonly string _connectionFile;
    private readonly GarnetProcess _server;

    private EmbeddedStore(DataFolder folder, GarnetProcess server)
    {
        (_folder, _server) = (folder, server);
        _connectionFile = Path.Combine(folder.Path, "redis-connection");
    }

    /// <summary>How this host connects to it.</summary>
    public ConfigurationOptions Connection => _server.Connection;

    /// <summary>
    /// Starts it with everything that was ever acknowledged, its log compacted where that is worth it, and owns the folder from then on.
    /// While it runs, the file <c>redis-connection</c> in the folder, for its owner alone, tells silo clients on this machine how to connect.
    /// </summary>
    public static async Task<EmbeddedStore> Start(DataFolder folder, ILogger log)
    {
        var generations = LogGenerations.Open(Path.Combine(folder.Path, "store"));
        var server = GarnetProcess.Start(generations.Folder(generations.Current));
        if (generations.IsCompactionDue) server = await Compact(generations, server, log);
        EmbeddedStore store = new(folder, server);
        DataFolder.WriteWhole(store._connectionFile, server.Connection.ToString(includePassword: true));
        return store;
    }

    public void Dispose()
    {
        _server.Dispose();
        File.Delete(_connectionFile);
        _folder.Dispose();
    }

    /// <summary>Copies what lives into a new log, proves that a store started from that log alone holds the same, and only then drops the old one.</summary>
    internal static async Task<GarnetProcess> Compact(LogGenerations generations, GarnetProcess old, ILogger log)
    {
        var next = generations.Current + 1;
        GarnetProcess? copy = null;
        try
        {
            using (var draft = GarnetProcess.Start(generations.Folder(next), durable: false)) await Fill(old, draft);
            copy = GarnetProcess.Start(generations.Folder(next));
            if (!await IsProved(old, copy)) throw new InvalidDataException("the copy does not hold the same");
            generations.Advance();
        }
        catch (Exception fault)
        {
            // The old log is untouched: better a long one than none.
            LogNotCompacted(log, fault);
            copy?.Dispose();
            generations.Drop(next);
            return old;
        }

        old.Dispose();
        generations.Drop(next - 1);
        LogCompacted(log, generations.SizeWhenNew / 1024);
        return copy;
    }

    private static async Task Fill(GarnetProcess old, GarnetProcess draft)
    {
        await using var from = await Connect(old);
        await using var to = await Connect(draft);
        await StoreCopy.Copy(from.GetServers()[0], from.GetDatabase(), to.GetDatabase());
        await to.GetServers()[0].ExecuteAsync("COMMITAOF");
    }

    private static async Task<bool> IsProved(GarnetProcess old, GarnetProcess copy)
    {
        await using var from = await Connect(old);
        await using var to = await Connect(copy);
        return await StoreCopy.IsSame(from.GetServers()[0], from.GetDatabase(), to.GetServers()[0], to.GetDatabase());
    }

    private static async Task<ConnectionMultiplexer> Connect(GarnetProcess server)
    {
        var options = server.Connection;
        options.AllowAdmin = true;
        return await ConnectionMultiplexer.ConnectAsync(options);
    }

    [LoggerMessage(LogLevel.Information, "The embedded store's log is compacted: {KiB} KiB are left")]
    private static partial void LogCompacted(ILogger log, long kiB);

    [LoggerMessage(LogLevel.Warning, "The embedded store's log was not compacted and stays as it is")]
    private static partial void LogNotCompacted(ILogger log, Exception fault);
}
