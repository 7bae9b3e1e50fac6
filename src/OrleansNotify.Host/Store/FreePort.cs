using System.Net;
using System.Net.Sockets;

namespace OrleansNotify.Host.Store;

/// <summary>For servers that cannot be told to choose a port themselves.</summary>
internal static class FreePort
{
    // Below the range from which systems take ports for connections: one of these could have it a moment later.
    private const int First = 27_000, Last = 32_000;

    /// <summary>A loopback port that was free a moment ago.</summary>
    public static int Find()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Last);
            try
            {
                using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException fault) when (fault.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                // Somebody has it: another one.
            }
        }
    }
}
