namespace OrleansNotify.Tests.Processes;

/// <summary>A real <c>redis-server</c> with its append-only file in a folder of its own.</summary>
internal sealed class RedisProcess : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("notify-redis-");
    private readonly ChildProcess _server;

    private RedisProcess(string[] settings) => _server = ChildProcess.Start("redis-server",
    [
        "--port", $"{Port}", "--bind", "127.0.0.1", "--dir", _directory.FullName, "--appendonly", "yes", "--save", "", .. settings,
    ]);

    public int Port { get; } = FreePort.Find();

    /// <summary>The server's process id.</summary>
    public int Id => _server.Id;

    public string Connection => $"127.0.0.1:{Port}";

    public static async Task<RedisProcess> Start(params string[] settings)
    {
        RedisProcess redis = new(settings);
        await redis._server.WaitForLine(
            line => line.Contains("Ready to accept connections", StringComparison.Ordinal), "that it is ready", TimeSpan.FromSeconds(20));
        return redis;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _directory.Delete(recursive: true);
    }
}
