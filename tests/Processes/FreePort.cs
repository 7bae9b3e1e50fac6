using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace OrleansNotify.Tests.Processes;

internal static class FreePort
{
    private const int First = 12_000, PerProcess = 1_500, Processes = 10;

    private static readonly ConcurrentDictionary<int, bool> s_given = new();

    // Test programs that run side by side: what one still calls, and has ended, is not to be taken by a server of the other.
    private static readonly int s_from = First + (Environment.ProcessId % Processes * PerProcess);

    /// <summary>
    /// A free loopback port for a server that cannot be told to choose its own: below the range from which the system takes ports for
    /// connections, and never the same twice, so that it is still free a moment later.
    /// </summary>
    public static int Find()
    {
        while (true)
        {
            var port = Random.Shared.Next(s_from, s_from + PerProcess);
            if (!s_given.TryAdd(port, true)) continue;
            try
            {
                using TcpListener listener = new(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it: the next one.
            }
        }
    }
}
