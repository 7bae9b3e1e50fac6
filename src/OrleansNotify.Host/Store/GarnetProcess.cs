using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Garnet;
using StackExchange.Redis;

namespace OrleansNotify.Host.Store;

/// <summary>One Garnet server in this process, on a free port of loopback, behind a password that nobody else knows.</summary>
internal sealed class GarnetProcess : IDisposable
{
    private const int Tries = 5;

    private readonly GarnetServer _server;

    private GarnetProcess(GarnetServer server, int port, string password) => (_server, Port, Password) = (server, port, password);

    public int Port { get; }
    public string Password { get; }

    /// <summary>How to connect to it.</summary>
    public ConfigurationOptions Connection => new() { EndPoints = { { IPAddress.Loopback, Port } }, Password = Password };

    /// <summary>Starts a server that has what its folder's log holds.</summary>
    /// <param name="folder">The log's folder; made if need be.</param>
    /// <param name="durable">Whether an answer waits until the log is written. A copy that is checked afterwards need not.</param>
    public static GarnetProcess Start(string folder, bool durable = true)
    {
        Directory.CreateDirectory(folder);
        var password = RandomNumberGenerator.GetHexString(32, lowercase: true);
        for (var left = Tries; ; left--)
        {
            var port = FreePort.Find();
            try
            {
                return new GarnetProcess(Start(folder, port, password, durable), port, password);
            }
            catch (SocketException) when (left > 1)
            {
                // Somebody else took the port in between.
            }
        }
    }

    public void Dispose() => _server.Dispose();

    private static GarnetServer Start(string folder, int port, string password, bool durable)
    {
        string[] arguments =
        [
            "-q", "--disable-console-logger", "--bind", "127.0.0.1", "--port", $"{port}", "--auth", "Password", "--password", password,
            // Without the transaction mode its scripts are not atomic; with a commit frequency above 0 it loses acknowledged writes.
            "--lua", "--lua-transaction-mode", "--aof", "--aof-commit-freq", durable ? "0" : "100",
            "--recover", "--fail-on-recovery-error", "--checkpointdir", folder,
            // The default device needs a native library that few machines have.
            "--device-type", "RandomAccess",
        ];
        var listeners = Trace.Listeners.Cast<TraceListener>().ToArray();
        GarnetServer server = new(durable ? [.. arguments, "--aof-commit-wait"] : arguments);
        // It sends the whole process' trace to the console.
        foreach (var added in Trace.Listeners.Cast<TraceListener>().Except(listeners).ToArray()) Trace.Listeners.Remove(added);
        try
        {
            server.Start();
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }
}
