using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using OrleansNotify.Host.Settings;

namespace OrleansNotify.Host.Silo;

/// <summary>Where a silo is reached.</summary>
/// <param name="Advertised">What it gives others. A silo that comes back with the same one takes its own place in the cluster at once.</param>
/// <param name="Listening">What its ports listen on.</param>
internal sealed record SiloAddresses(IPAddress Advertised, IPAddress Listening)
{
    // The name may be as new as the silo itself.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15), AskAgain = TimeSpan.FromMilliseconds(500);

    /// <summary>Finds them by the setting: an IP address, a host's name, or null for the machine's own.</summary>
    /// <exception cref="SettingsException">The name leads nowhere.</exception>
    public static async Task<SiloAddresses> Find(string? advertised, CancellationToken cancellation)
    {
        var own = OwnOnes();
        if (advertised is null) return new(Own(own), Own(own));
        if (!IPAddress.TryParse(advertised, out var address)) address = await Resolve(advertised, cancellation);
        // An address of a service before this machine, which leads to it, is none that could be listened on.
        return new(address, IPAddress.IsLoopback(address) || own.Contains(address) ? address : Own(own));
    }

    private static async Task<IPAddress> Resolve(string name, CancellationToken cancellation)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        using PeriodicTimer again = new(AskAgain);
        while (true)
        {
            try
            {
                // A name has no order among its addresses, and those that come back must be the same.
                var found = await Dns.GetHostAddressesAsync(name, AddressFamily.InterNetwork, patience.Token);
                if (found.Length > 0) return found.MinBy(address => address.ToString(), StringComparer.Ordinal)!;
            }
            catch (SocketException)
            {
                // Not known yet.
            }
            catch (OperationCanceledException)
            {
                // The time is up.
            }

            if (!await Tick(again, patience.Token))
                throw new SettingsException([$"ORLEANS_ADVERTISED_IP: the name {name} leads to no IPv4 address"]);
        }
    }

    private static async Task<bool> Tick(PeriodicTimer timer, CancellationToken cancellation)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static IPAddress[] OwnOnes() =>
    [
        .. NetworkInterface.GetAllNetworkInterfaces()
            .Where(card => card.OperationalStatus == OperationalStatus.Up)
            .SelectMany(card => card.GetIPProperties().UnicastAddresses.Select(unicast => unicast.Address)),
    ];

    // As the runtime chooses it: the first of IPv4 that is not loopback.
    private static IPAddress Own(IPAddress[] own) =>
        Array.Find(own, address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address)) ?? IPAddress.Loopback;
}
