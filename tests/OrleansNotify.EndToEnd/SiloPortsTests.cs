using System.Globalization;
using System.Net;
using System.Net.Sockets;
using OrleansNotify.EndToEnd.Hosts;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd;

/// <summary>Whoever reaches a silo's ports is trusted, so they speak on the address that was configured, and on no other.</summary>
public sealed class SiloPortsTests
{
    [Fact]
    public async Task They_listen_on_loopback_alone_unless_it_is_said_otherwise()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("Only Linux has all of 127.0.0.0/8 on its loopback.");
        await using var store = await HostStore.Start(StoreKind.Redis);
        await using var providers = await Providers.Start();
        var environment = store.Environment().With(providers.Environment);
        environment.Remove("ORLEANS_ADVERTISED_IP");
        await using var host = await HostProcess.Start(environment);

        foreach (var key in (string[])["ORLEANS_SILO_PORT", "ORLEANS_GATEWAY_PORT"])
        {
            var port = int.Parse(environment[key], CultureInfo.InvariantCulture);
            Assert.True(await Answers("127.0.0.1", port));
            Assert.False(await Answers("127.0.0.2", port));
        }
    }

    private static async Task<bool> Answers(string address, int port)
    {
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Parse(address), port, TestContext.Current.CancellationToken);
            return true;
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return false;
        }
    }
}
