using OrleansNotify.Benchmarks.Load;
using OrleansNotify.RateLimiting;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.Benchmarks.Rules;

/// <summary>Many users' messages held until the same moment: none leaves before it, then all do, by lane and limit.</summary>
internal static class NightRun
{
    private const Channel Telegram = Channel.Telegram;

    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(60), s_look = TimeSpan.FromSeconds(1);

    public static async Task<int> Run(int users, string limitText, TimeSpan? ahead)
    {
        if (!RateLimit.TryParse(limitText, out var limit)) throw new ArgumentException($"{limitText} is not a limit.");
        await using var cluster = await RulesCluster.Start(Telegram, new() { ["RATE_LIMIT_TELEGRAM"] = limitText });
        var began = TimeProvider.System.GetUtcNow();
        await cluster.CreateUsers(0, users);
        var created = TimeProvider.System.GetUtcNow();
        var before = await Use.Of(cluster);

        // To accept a message takes about as long as to create its user.
        var moment = created + (ahead ?? (created - began) * 1.5 + TimeSpan.FromSeconds(20));
        await cluster.Send(Enumerable.Range(0, users).Where(IsCampaign), Priority.Campaign, moment);
        await cluster.Send(Enumerable.Range(0, users).Where(number => !IsCampaign(number)), Priority.Transactional, moment);
        var accepted = TimeProvider.System.GetUtcNow();
        if (accepted >= moment) throw new InvalidOperationException("To accept them took until after the moment: give a longer --ahead.");
        var held = await Use.Of(cluster);
        await Task.Delay(moment - accepted, TimeProvider.System);
        await cluster.Store.Reset();
        var busiest = await Drain(cluster, users, held);
        var arrivals = await cluster.Receiver.Arrivals();
        var after = await Use.Of(cluster);
        DateTimeOffset[] times = [.. arrivals.Select(arrival => arrival.At)];
        DateTimeOffset[] transactional = [.. arrivals.Where(arrival => !IsCampaign(arrival.Number)).Select(arrival => arrival.At).Order()];
        NightReport report = new()
        {
            Users = users,
            Limit = limit?.ToString() ?? "off",
            AcceptedPerSecond = LoadRun.Round(users / (accepted - created).TotalSeconds)!.Value,
            Missing = users - arrivals.DistinctBy(arrival => arrival.Number).Count(),
            Repeated = arrivals.Count - arrivals.DistinctBy(arrival => arrival.Number).Count(),
            Early = times.Count(at => at < moment),
            FirstAfterSeconds = LoadRun.Round((times.Min() - moment).TotalSeconds)!.Value,
            LastAfterSeconds = LoadRun.Round((times.Max() - moment).TotalSeconds)!.Value,
            MostInWindow = limit is null ? null : Windows.Most(times, limit.Window),
            ShareOfLimit = limit is null ? null : LoadRun.Round(times.Length / (times.Max() - moment).TotalSeconds * limit.Window.TotalSeconds / limit.Count),
            CampaignBeforeTransactional = arrivals.Count(arrival => IsCampaign(arrival.Number) && arrival.At < transactional[transactional.Length * 99 / 100]),
            MostAllowed = limit?.Count * 1.1,
            Before = before,
            Held = held,
            Busiest = busiest,
            After = after,
            RedisSecondsByCommand = await cluster.Store.SecondsByCommand(),
            RedisSlowest = await cluster.Store.Slowest(),
            AgendaEntries = await cluster.Store.AgendaEntries(),
        };
        JsonLine.Print(report);
        if (report.Holds) return 0;
        await Console.Error.WriteLineAsync(cluster.Output);
        return 1;
    }

    private static bool IsCampaign(int number) => number % 2 == 1;

    /// <summary>Waits until all have come, or none has for a minute; the most of everything that was in use meanwhile.</summary>
    private static async Task<Use> Drain(RulesCluster cluster, int users, Use most)
    {
        var (seen, at) = (0L, TimeProvider.System.GetUtcNow());
        using PeriodicTimer timer = new(s_look);
        while (await timer.WaitForNextTickAsync())
        {
            most = most.Max(await Use.Of(cluster));
            var count = await cluster.Receiver.Count();
            if (count >= users || count == seen && TimeProvider.System.GetUtcNow() - at > s_silence) break;
            if (count > seen) (seen, at) = (count, TimeProvider.System.GetUtcNow());
        }

        // The last outcomes are being stored.
        await Poll.Until(async () => await cluster.Store.AgendaEntries() == 0, () => "empty agenda", TimeSpan.FromMinutes(1));
        return most;
    }
}
