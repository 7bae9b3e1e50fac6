using System.Net;
using System.Net.Sockets;

namespace OrleansNotify.Host.Store;

/// <summary>For servers that cannot be told to choose a port themselves.</summary>
internal static class FreePort
{
    /// <summary>A loopback port that was free a moment ago.</summary>
    public static int Find()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
