using System.CommandLine;
using OrleansNotify.Host.Silo;

namespace OrleansNotify.Host.CommandLine;

/// <summary><c>run</c>: a host, until it is told to stop.</summary>
internal static partial class RunCommand
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
        Tell(host, TimeProvider.System.GetElapsedTime(began));
        await host.WaitForSignal();
        return 0;
    }

    // A log that programs read has no text for people in it.
    private static void Tell(NotifyHost host, TimeSpan took)
    {
        if (host.App.Configuration[ConsoleLog.FormatterKey] == OneLineFormatter.FormatterName) Console.Out.WriteLine(StartText.Of(host, took));
        else LogReady(host.App.Logger, host.Url, took.TotalSeconds, host.App.Environment.EnvironmentName);
    }

    [LoggerMessage(LogLevel.Information, "OrleansNotify is ready at {Url} after {Seconds:0.0} s ({Environment})")]
    private static partial void LogReady(ILogger log, Uri url, double seconds, string environment);
}
