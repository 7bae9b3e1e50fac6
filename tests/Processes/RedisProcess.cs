namespace OrleansNotify.Tests.Processes;

/// <summary>A real <c>redis-server</c> with its append-only file in a folder of its own.</summary>
internal sealed class RedisProcess : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("notify-redis-");
    private readonly string[] _settings;
    private ChildProcess _server;

    private RedisProcess(string[] settings)
    {
        _settings = settings;
        _server = Run();
    }

    public int Port { get; } = FreePort.Find();

    /// <summary>The server's process id.</summary>
    public int Id => _server.Id;

    public string Connection => $"127.0.0.1:{Port}";

    public static async Task<RedisProcess> Start(params string[] settings)
    {
        RedisProcess redis = new(settings);
        await redis.WaitUntilReady();
        return redis;
    }

    /// <summary>SIGSTOP: it is there and answers nothing.</summary>
    public Task Stop() => _server.Signal("STOP");

    /// <summary>SIGCONT.</summary>
    public Task Continue() => _server.Signal("CONT");

    /// <summary>Gives it a command, without a password, and waits for its OK.</summary>
    public async Task Tell(string command)
    {
        using System.Net.Sockets.TcpClient client = new();
        await client.ConnectAsync("127.0.0.1", Port);
        var stream = client.GetStream();
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(command + "\r\n"));
        var answer = new byte[5];
        await stream.ReadExactlyAsync(answer);
        var text = System.Text.Encoding.ASCII.GetString(answer);
        if (!text.StartsWith("+OK", StringComparison.Ordinal)) throw new InvalidOperationException($"{command}: {text}…");
    }

    /// <summary>SIGKILL.</summary>
    public Task Kill() => _server.Kill();

    /// <summary>Starts it anew after a kill: the same port, and what its file holds.</summary>
    public async Task Restart()
    {
        await StartAgain();
        await WaitUntilReady();
    }

    /// <summary>As <see cref="Restart"/>, without waiting until it is ready.</summary>
    public async Task StartAgain()
    {
        await _server.DisposeAsync();
        _server = Run();
    }

    private ChildProcess Run() => ChildProcess.Start("redis-server",
    [
        "--port", $"{Port}", "--bind", "127.0.0.1", "--dir", _directory.FullName, "--appendonly", "yes", "--save", "", .. _settings,
    ]);

    private Task<string> WaitUntilReady() => _server.WaitForLine(
        line => line.Contains("Ready to accept connections", StringComparison.Ordinal), "that it is ready", TimeSpan.FromSeconds(20));

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _directory.Delete(recursive: true);
    }
}
