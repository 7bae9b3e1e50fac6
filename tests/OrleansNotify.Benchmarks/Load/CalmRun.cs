namespace OrleansNotify.Benchmarks.Load;

/// <summary>One message at a time: how long each takes from the request to the provider when nothing else is going on.</summary>
internal static class CalmRun
{
    private const int WarmUp = 300;

    public static async Task<int> Run(LoadSettings settings)
    {
        var all = settings with { Messages = settings.Messages + WarmUp, Rounds = 1 };
        await using var cluster = await LoadCluster.Start(all);
        using (Caller maker = new(cluster.Host, all)) await maker.CreateUsers(cluster.Receiver.Device);
        await cluster.RestartHost();
        using Caller caller = new(cluster.Host, all);
        List<TimeSpan> asleep = [], awake = [];
        for (var number = 0; number < all.Messages; number++)
        {
            var first = await One(number);
            if (number < WarmUp) continue;
            asleep.Add(first);
            awake.Add(await One(number));
        }

        Report("calm, grain asleep", asleep).Print();
        Report("calm, grain awake", awake).Print();
        return 0;

        async Task<TimeSpan> One(int number)
        {
            await cluster.Receiver.Forget();
            var at = TimeProvider.System.GetUtcNow();
            await caller.SendOne(number);
            await cluster.Receiver.WaitFor(1);
            return (await cluster.Receiver.Arrivals())[0].At - at;
        }

        LoadReport Report(string mode, List<TimeSpan> samples) => new()
        {
            Mode = mode,
            Channel = settings.Channel.ToString().ToLowerInvariant(),
            Store = settings.Embedded ? "embedded" : "redis",
            Messages = samples.Count,
            LatencyMs = Percentiles.Of(samples),
        };
    }
}
