using System.CommandLine;

namespace OrleansNotify.Host.CommandLine;

/// <summary><c>run</c>: a host, until it is told to stop.</summary>
internal static class RunCommand
{
    public static Command Make()
    {
        Command command = new("run", "Runs a host: Orleans silo, HTTP API, dashboard. Its settings are environment variables; see the README.");
        command.SetAction((_, cancellation) => Run(cancellation));
        return command;
    }

    public static async Task<int> Run(CancellationToken cancellation)
    {
        var began = TimeProvider.System.GetTimestamp();
        await using var host = await NotifyHost.Start(cancellation: cancellation);
        Console.Out.WriteLine(StartText.Of(host, TimeProvider.System.GetElapsedTime(began)));
        await host.WaitForSignal();
        return 0;
    }
}
