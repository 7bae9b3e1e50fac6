namespace OrleansNotify.EndToEnd.Faults;

/// <summary>A run: messages and faults side by side, then the reckoning.</summary>
internal static class FaultRun
{
    private static readonly TimeSpan s_toSettle = TimeSpan.FromMinutes(6), s_tell = TimeSpan.FromSeconds(10);

    public static async Task<Ledger> Run(FaultSettings settings)
    {
        // The messages are drawn apart from the faults, so that a change to the one leaves the other as it was.
        Random ofMessages = new(settings.Seed), ofFaults = new(settings.Seed);
        FaultNotes notes = new(settings.Say);
        await using var cluster = await FaultCluster.Start(settings, notes);
        using Callers callers = new(cluster, notes);
        MessageStream stream = new(cluster, settings, callers, notes, ofMessages);
        CampaignStream campaign = new(settings, callers);
        await stream.CreateUsers(campaign.All);
        notes.Say("all hosts are up, all users known");
        await campaign.Start();
        using CancellationTokenSource over = new();
        var turning = campaign.Run(over.Token);

        var plan = FaultPlan.Draw(settings, ofFaults);
        Injector injector = new(cluster, settings, notes);
        var sending = stream.Run();
        for (var number = 0; number < plan.Count; number++)
        {
            // The next part of the messages first, so that they are under way at the fault.
            stream.Allow((number + 1) * settings.Messages / plan.Count);
            var begun = ((2 * number) + 1) * settings.Messages / plan.Count / 2;
            await Tests.Processes.Poll.Until(() => Task.FromResult(sending.IsCompleted || stream.Sent + 10 >= begun), () => "progress of the messages", TimeSpan.FromMinutes(2));
            await injector.Inject(plan[number]);
        }

        await injector.Heal();
        notes.Say("all faults are over");
        await over.CancelAsync();
        var all = Task.WhenAll(sending, turning);
        using PeriodicTimer tell = new(s_tell);
        while (await Task.WhenAny(all, tell.WaitForNextTickAsync().AsTask()) != all)
            notes.Say($"    waiting for {string.Join(", ", stream.All.Where(asked => !asked.IsFollowed).Select(asked => $"message {asked.Number} ({asked.Fate}, {asked.User})").Take(3).DefaultIfEmpty("the campaign"))}");
        await all;
        notes.Say("everything has its receipt");
        await stream.Settle(campaign.All, s_toSettle);
        await campaign.Settle();
        notes.Say("settled");
        return await Ledger.Make(settings, cluster, stream, campaign, notes);
    }
}
