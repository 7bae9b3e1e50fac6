using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace OrleansNotify.Tests.Processes;

internal static class FreePort
{
    private static readonly ConcurrentDictionary<int, bool> s_given = new();

    /// <summary>
    /// A free loopback port for a server that cannot be told to choose its own: below the range from which the system takes ports for
    /// connections, and never the same twice, so that it is still free a moment later.
    /// </summary>
    public static int Find()
    {
        while (true)
        {
            var port = Random.Shared.Next(12_000, 32_000);
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
