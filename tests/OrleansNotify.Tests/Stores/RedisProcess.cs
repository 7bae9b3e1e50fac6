using System.Diagnostics;
using System.Net.Sockets;

namespace OrleansNotify.Tests.Stores;

/// <summary>A real <c>redis-server</c> with its append-only file in a folder of its own.</summary>
internal sealed class RedisProcess : IAsyncDisposable
{
    // The shell outlives a killed test process just long enough to see its standard input end, and takes the server with it.
    private const string Script = """redis-server "$@" & server=$!; echo $server; cat >/dev/null; kill -9 $server; wait $server 2>/dev/null""";

    private readonly DirectoryInfo _directory;
    private readonly Process _shell;

    private RedisProcess(Process shell, int id, int port, DirectoryInfo directory) => (_shell, Id, Port, _directory) = (shell, id, port, directory);

    /// <summary>The server's process id.</summary>
    public int Id { get; }

    public int Port { get; }

    public string Connection => $"127.0.0.1:{Port}";

    public static bool IsInstalled { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "redis-server")));

    public static async Task<RedisProcess> Start(params string[] settings)
    {
        var port = FreePort.Find();
        var directory = Directory.CreateTempSubdirectory("notify-redis-");
        ProcessStartInfo start = new("/bin/sh") { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        string[] arguments =
        [
            "-c", Script, "sh", "--port", $"{port}", "--bind", "127.0.0.1", "--dir", directory.FullName,
            "--appendonly", "yes", "--save", "", "--logfile", Path.Combine(directory.FullName, "redis.log"), .. settings,
        ];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        var shell = Process.Start(start)!;
        RedisProcess server = new(shell, int.Parse((await shell.StandardOutput.ReadLineAsync())!, null), port, directory);
        await server.WaitUntilReady();
        return server;
    }

    private async Task WaitUntilReady()
    {
        var clock = Stopwatch.StartNew();
        while (!await AnswersPing())
        {
            if (clock.Elapsed < TimeSpan.FromSeconds(20)) continue;
            await DisposeAsync();
            throw new TimeoutException($"redis-server on port {Port} did not answer PING within 20 s.");
        }
    }

    private async Task<bool> AnswersPing()
    {
        try
        {
            using TcpClient client = new();
            await client.ConnectAsync("127.0.0.1", Port);
            var stream = client.GetStream();
            await stream.WriteAsync("PING\r\n"u8.ToArray());
            var answer = new byte[7];
            await stream.ReadExactlyAsync(answer);
            return answer.AsSpan().SequenceEqual("+PONG\r\n"u8);
        }
        catch (Exception fault) when (fault is SocketException or IOException)
        {
            await Task.Yield();
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync();
        _shell.Dispose();
        _directory.Delete(recursive: true);
    }
}
