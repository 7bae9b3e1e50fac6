using OrleansNotify.Benchmarks.Bare;

namespace OrleansNotify.Benchmarks.Load;

/// <summary>Many messages as fast as they go, each to a user of its own whose grain sleeps; and the bare sender beside it.</summary>
internal static class LoadRun
{
    public static async Task<int> Run(LoadSettings settings)
    {
        var bare = await BareRun.Measure(settings.Channel, settings.Messages);
        bare.Print();
        await using var cluster = await LoadCluster.Start(settings);
        var empty = await MemoryOf(cluster);
        using (Caller maker = new(cluster.Host, settings)) await maker.CreateUsers(cluster.Receiver.Device);
        await cluster.RestartHost();
        var bytesPerUser = (await MemoryOf(cluster) - empty) / settings.Users;
        using Caller caller = new(cluster.Host, settings);
        var lost = false;
        for (var round = 0; round < settings.Rounds; round++)
        {
            LoadReport report;
            try
            {
                report = await Round(cluster, caller, settings, round);
            }
            catch
            {
                await Console.Error.WriteLineAsync(cluster.Host.Output);
                throw;
            }

            (report with
            {
                BareDeliveredPerSecond = bare.DeliveredPerSecond,
                ShareOfBare = Round(report.DeliveredPerSecond / bare.DeliveredPerSecond),
                RedisBytesPerUser = bytesPerUser,
            }).Print();
            lost |= report.Missing > 0;
        }

        return lost ? 1 : 0;
    }

    private static async Task<long?> MemoryOf(LoadCluster cluster) =>
        cluster.Redis is { } connection ? (await RedisUsage.Of(connection)).MemoryBytes : null;

    private static async Task<LoadReport> Round(LoadCluster cluster, Caller caller, LoadSettings settings, int round)
    {
        var sentAt = new DateTimeOffset[settings.Users];
        await cluster.Receiver.Forget();
        var redis = cluster.Redis is { } connection ? await RedisUsage.Of(connection) : null;
        var before = cluster.Processes.ToDictionary(entry => entry.Key, entry => ProcessUsage.Of(entry.Value));
        var began = TimeProvider.System.GetUtcNow();
        await caller.Send(Enumerable.Range(round * settings.Messages, settings.Messages), (number, at) => sentAt[number] = at);
        var accepted = TimeProvider.System.GetUtcNow() - began;
        await cluster.Receiver.WaitFor(settings.Messages);
        var after = cluster.Processes.ToDictionary(entry => entry.Key, entry => ProcessUsage.Of(entry.Value));
        var calls = redis is null ? null : (await RedisUsage.Of(cluster.Redis!)).Since(redis);
        var arrivals = await cluster.Receiver.Arrivals();
        var first = arrivals.GroupBy(arrival => arrival.Number).Select(same => same.MinBy(arrival => arrival.At)!).ToList();
        return new LoadReport
        {
            Mode = "load",
            Channel = settings.Channel.ToString().ToLowerInvariant(),
            Store = settings.Embedded ? "embedded" : "redis",
            Round = round + 1,
            Messages = settings.Messages,
            AcceptedPerSecond = Round(settings.Messages / accepted.TotalSeconds),
            DeliveredPerSecond = first.Count == 0 ? null : Round(first.Count / (first.Max(arrival => arrival.At) - began).TotalSeconds),
            Duplicates = arrivals.Count - first.Count,
            Missing = settings.Messages - first.Count,
            LatencyMs = Percentiles.Of(first.Select(arrival => arrival.At - sentAt[arrival.Number])),
            CpuSecondsPerThousand = after.ToDictionary(
                entry => entry.Key, entry => Round((entry.Value.CpuSeconds - before[entry.Key].CpuSeconds) * 1000 / settings.Messages)!.Value),
            MemoryMib = after.ToDictionary(entry => entry.Key, entry => Round(entry.Value.MemoryMiB)!.Value),
            RedisCommandsPerMessage = Round((double?)calls?.Values.Sum() / settings.Messages),
            RedisCallsPerMessage = calls?.ToDictionary(entry => entry.Key, entry => Round((double)entry.Value / settings.Messages)!.Value),
        };
    }

    internal static double? Round(double? value) => value is { } number ? Math.Round(number, 3) : null;
}
