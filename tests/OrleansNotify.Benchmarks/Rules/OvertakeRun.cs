using OrleansNotify.Benchmarks.Load;

namespace OrleansNotify.Benchmarks.Rules;

/// <summary>Single transactional messages by one silo, without and with a campaign's backlog that entered by the other: they leave as soon.</summary>
internal static class OvertakeRun
{
    private const Channel Telegram = Channel.Telegram;
    private const double MostRatio = 1.5;
    private const int WarmUp = 100;

    /// <summary>So long that the permit that a campaign leaves is there again for the next: of 20 in a second one comes back every 55 ms or so.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(150), s_patience = TimeSpan.FromSeconds(30), s_soon = TimeSpan.FromSeconds(1);

    public static async Task<int> Run(int backlog, int alerts, int? campaign)
    {
        await using var cluster = await RulesCluster.Start(Telegram, []);
        var next = backlog;
        await cluster.CreateUsers(0, backlog + WarmUp * 2 + alerts * 4);
        var holder = await cluster.HolderOfTurns();
        // The alerts enter at the silo that does not give the turns: the longer way, and the one that lives on.
        var (entry, away) = (cluster.CallerOf(1 - holder), cluster.CallerOf(holder));
        await Alerts(WarmUp);
        var calm = await Alerts(alerts);
        var filling = campaign is { } recipients
            ? away.StartCampaign(recipients)
            : away.Send(Enumerable.Range(0, backlog), (_, _) => { }, Priority.Campaign);
        var entering = await Alerts(alerts);
        await filling;
        var waiting = await cluster.Store.LaneDepth(Telegram, Priority.Campaign);
        var behind = await Alerts(alerts);
        var (recovery, asked) = await Kill();
        // The silo that comes back is cold: that is a part of the recovery.
        await Alerts(WarmUp);
        var after = await Alerts(alerts);
        OvertakeReport report = new()
        {
            Backlog = backlog,
            WaitingWhenFilled = waiting,
            LeftInLane = await cluster.Store.LaneDepth(Telegram, Priority.Campaign),
            Alerts = alerts,
            CalmMs = calm,
            WhileItEntersMs = entering,
            BehindBacklogMs = behind,
            RatioP50 = Ratio(behind.P50, calm.P50),
            RatioP99 = Ratio(behind.P99, calm.P99),
            RecoverySeconds = LoadRun.Round(recovery.TotalSeconds)!.Value,
            AskedMeanwhile = asked,
            AfterKillMs = after,
            RatioP50AfterKill = Ratio(after.P50, calm.P50),
            RatioP99AfterKill = Ratio(after.P99, calm.P99),
            MostRatio = MostRatio,
        };
        report.Print();
        entry.Dispose();
        away.Dispose();
        if (report.Holds) return 0;
        await Console.Error.WriteLineAsync(cluster.Output);
        return 1;

        async Task<Percentiles> Alerts(int count)
        {
            await cluster.Receiver.Forget();
            List<TimeSpan> took = [];
            for (var alert = 0; alert < count; alert++)
            {
                await Task.Delay(s_pause, TimeProvider.System);
                var at = TimeProvider.System.GetUtcNow();
                await entry.SendOne(next);
                if (await cluster.Receiver.WaitForOne(next++, s_patience) is not { } arrived) throw new TimeoutException($"An alert did not arrive within {s_patience}.");
                took.Add(arrived - at);
            }

            return Percentiles.Of(took)!;
        }

        // Recovered is what takes a new alert and has it at the provider within a second.
        async Task<(TimeSpan Recovery, int Asked)> Kill()
        {
            var silo = await cluster.HolderOfTurns();
            if (silo != holder) throw new InvalidOperationException("The grain that gives the turns has moved; run it again.");
            var killed = TimeProvider.System.GetUtcNow();
            await cluster.KillSilo(silo);
            for (var probe = 0; ; probe++)
            {
                if (await Arrives(probe) is { } arrived)
                {
                    await cluster.StartSilo(silo);
                    return (arrived - killed, probe + 1);
                }
            }
        }

        async Task<DateTimeOffset?> Arrives(int probe)
        {
            try
            {
                var number = backlog + WarmUp * 2 + alerts * 4 + probe;
                await entry.CreateUsers([number], cluster.Receiver.Device);
                await entry.SendOne(number);
                return await cluster.Receiver.WaitForOne(number, s_soon);
            }
            catch (InvalidOperationException)
            {
                // Refused for now, such as a 503: asked again with the next.
                return null;
            }
        }
    }

    private static double Ratio(double after, double before) => LoadRun.Round(after / before)!.Value;
}
