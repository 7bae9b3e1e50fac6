using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using OrleansNotify.Delivery;
using OrleansNotify.Host;
using OrleansNotify.Host.Settings;
using OrleansNotify.Storage;

namespace OrleansNotify.EndToEnd.Faults.Node;

/// <summary>
/// The shipped host with a store and senders that kill the process at a named point, and a clock that jumps. SIGUSR1 lets the clock jump,
/// SIGUSR2 has the file <c>point</c> in the control folder read: where to die.
/// </summary>
internal static class FaultNode
{
    public const string PointFile = "point";

    private const PosixSignal Usr1 = (PosixSignal)10, Usr2 = (PosixSignal)12;

    public static async Task<int> Run(string control)
    {
        Prometheus.Metrics.SuppressDefaultMetrics(new() { SuppressMeters = true, SuppressEventCounters = true });
        KillSwitch kill = new();
        JumpingClock clock = new();
        using var jump = PosixSignalRegistration.Create(Usr1, _ => clock.Jump());
        using var arm = PosixSignalRegistration.Create(Usr2, _ => kill.Arm(File.ReadAllText(Path.Combine(control, PointFile))));
        try
        {
            await using var host = await NotifyHost.Start(replace: services => Replace(services, kill, clock));
            await host.WaitForSignal();
            return 0;
        }
        catch (SettingsException wrong)
        {
            await Console.Error.WriteLineAsync(wrong.Message);
            return 2;
        }
    }

    private static void Replace(IServiceCollection services, KillSwitch kill, JumpingClock clock)
    {
        services.AddSingleton<TimeProvider>(clock);
        services.AddSingleton(kill);
        services.AddSingleton<CommitStore, DyingStore>();
        foreach (var sender in services.Where(service => service.ServiceType == typeof(IChannelSender)).ToList())
        {
            services.Remove(sender);
            services.AddSingleton<IChannelSender>(provider => new DyingSender((IChannelSender)Make(sender, provider), kill));
        }
    }

    private static object Make(ServiceDescriptor service, IServiceProvider provider) =>
        service.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, service.ImplementationType!);
}
