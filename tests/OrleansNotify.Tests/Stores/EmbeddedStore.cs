using Garnet;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.Tests.Stores;

/// <summary>Garnet in this process, with its log in a folder of its own.</summary>
internal sealed class EmbeddedStore : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("notify-garnet-");
    private readonly GarnetServer _server;

    public EmbeddedStore()
    {
        Port = FreePort.Find();
        _server = new GarnetServer(
        [
            "-q", "--bind", "127.0.0.1", "--port", $"{Port}", "--lua", "--lua-transaction-mode", "--aof", "--aof-commit-freq", "0",
            "--aof-commit-wait", "--recover", "--device-type", "RandomAccess", "--checkpointdir", _directory.FullName,
            "--memory", "256m", "--page", "4m", "--index", "16m", "--aof-memory", "64m", "--aof-page-size", "16m",
        ]);
        _server.Start();
    }

    public int Port { get; }

    public string Connection => $"127.0.0.1:{Port}";

    public void Dispose()
    {
        _server.Dispose();
        _directory.Delete(recursive: true);
    }
}
