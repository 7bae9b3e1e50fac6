using System.Text.Json;
using OrleansNotify.Benchmarks.Load;
using OrleansNotify.Benchmarks.Receiving;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.Benchmarks.Bare;

/// <summary>The same number of the same messages by the same client library, with no cluster about: a process of its own, and the receiver.</summary>
internal static class BareRun
{
    public static async Task<LoadReport> Measure(Channel channel, int messages)
    {
        await using var receiver = await ReceiverProcess.Start();
        var environment = receiver.Environment.With(new Dictionary<string, string> { [BarePush.DeviceVariable] = JsonSerializer.Serialize(await receiver.Device(0)) });
        await using var sender = ChildProcess.Start(
            "dotnet", [typeof(BareRun).Assembly.Location, "bare-sender", "--channel", channel.ToString(), "--messages", $"{messages}"], environment);
        var line = await sender.WaitForLine(line => line.StartsWith("began ", StringComparison.Ordinal), "when it began", TimeSpan.FromMinutes(5));
        var began = DateTimeOffset.Parse(line["began ".Length..], null);
        await receiver.WaitFor(messages);
        var cpu = await sender.WaitForLine(line => line.StartsWith("cpu ", StringComparison.Ordinal), "what it used", TimeSpan.FromMinutes(5));
        var arrivals = await receiver.Arrivals();
        return new LoadReport
        {
            Mode = "bare",
            Channel = channel.ToString().ToLowerInvariant(),
            Messages = messages,
            DeliveredPerSecond = LoadRun.Round(arrivals.Count / (arrivals.Max(arrival => arrival.At) - began).TotalSeconds),
            Missing = messages - arrivals.Count,
            CpuSecondsPerThousand = new Dictionary<string, double>
            {
                ["sender"] = LoadRun.Round(double.Parse(cpu["cpu ".Length..], null) * 1000 / messages)!.Value,
            },
        };
    }
}
