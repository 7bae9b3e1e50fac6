using OrleansNotify.EndToEnd.Faults.Node;
using OrleansNotify.Sandbox;

namespace OrleansNotify.EndToEnd.Faults;

/// <summary>Makes the faults happen, one after another; what a host needs to come back does not hold up the next.</summary>
internal sealed class Injector(FaultCluster cluster, FaultSettings settings, FaultNotes notes)
{
    // Longer than the silos wait for each other, and than a client waits for the store.
    private static readonly TimeSpan s_frozen = TimeSpan.FromSeconds(16), s_away = TimeSpan.FromSeconds(25), s_late = TimeSpan.FromSeconds(2.6), s_faulty = TimeSpan.FromSeconds(5);

    private readonly List<Task> _healing = [];

    public async Task Inject(PlannedFault fault)
    {
        switch (fault.Type)
        {
            case FaultType.Kill or FaultType.KillAndRestart:
                await Kill(fault);
                break;
            case FaultType.KillAtPoint:
                await KillAtPoint(fault);
                break;
            case FaultType.Terminate:
                Later(fault, await Choose(fault), async host =>
                {
                    if (await host.Terminate() is not 0 and var code) notes.Complain($"{host.Name} ended with {code?.ToString() ?? "nothing"} after SIGTERM");
                });
                break;
            case FaultType.Freeze:
                Later(fault, await Choose(fault), host => host.Freeze(s_frozen));
                break;
            case FaultType.ClockJump:
                await Noted(fault, async () => await (await Choose(fault)).JumpClock());
                break;
            case FaultType.ProviderHang:
                Providers(fault, FaultKind.Hang, 2);
                break;
            case FaultType.ProviderReset:
                Providers(fault, FaultKind.DropAfter, 3);
                break;
            default:
                await Noted(fault, () => OfStore(fault.Type));
                break;
        }
    }

    /// <summary>Waits until every fault is over and every host is up.</summary>
    public async Task Heal()
    {
        await Task.WhenAll(_healing);
        cluster.Providers.Faults.Clear();
        await Tests.Processes.Poll.Until(
            () => Task.FromResult(cluster.Hosts.All(host => host.IsUp)), () => "cluster with all hosts up", TimeSpan.FromMinutes(2));
    }

    // At least one other stays: a cluster that is gone as a whole is what the embedded runs are about. The kill after which the recovery is
    // measured begins with all of them.
    private async Task<FaultyHost> Choose(PlannedFault fault)
    {
        var least = settings.Embedded ? 1 : fault.Type == FaultType.Kill ? settings.Hosts : 2;
        FaultyHost[] free = [];
        await Tests.Processes.Poll.Until(() =>
        {
            free = [.. cluster.Hosts.Where(host => host.IsFree)];
            return Task.FromResult(free.Length > 0 && cluster.Hosts.Count(host => host.IsUp) >= least);
        }, () => "host to be chosen", TimeSpan.FromMinutes(2));
        return free[(int)(fault.Chance * free.Length)];
    }

    private async Task Kill(PlannedFault fault)
    {
        var host = await Choose(fault);
        var away = fault.Type == FaultType.Kill;
        var users = away ? await UsersOn(host) : new HashSet<string>();
        var note = notes.Begin($"{fault.Name} {host.Name}", users);
        await host.Kill(away ? s_away : TimeSpan.Zero);
        FaultNotes.End(note);
    }

    private async Task<IReadOnlySet<string>> UsersOn(FaultyHost host) =>
        await Known(async () => await cluster.UsersOn(host), $"which users were on {host.Name}") ?? new HashSet<string>();

    private async Task<T?> Known<T>(Func<Task<T?>> ask, string what)
    {
        try
        {
            return await ask();
        }
        catch (Exception fault)
        {
            notes.Say($"    not known {what}: {fault.GetType().Name}");
            return default;
        }
    }

    private async Task KillAtPoint(PlannedFault fault)
    {
        var host = await Choose(fault);
        if (KillPoints.IsOfCampaign(fault.Point!) && await Known(cluster.HostOfCampaign, "where the campaign is") is { IsFree: true } its) host = its;
        var note = notes.Begin($"{fault.Name} {host.Name}");
        var died = await host.DieAt(fault.Point!, 1 + (int)(fault.Chance * 3), TimeSpan.FromSeconds(6));
        FaultNotes.End(note);
        if (!died) notes.Say($"    {host.Name} did not pass {fault.Point}");
    }

    private void Later(PlannedFault fault, FaultyHost host, Func<FaultyHost, Task> act)
    {
        host.IsBusy = true;
        var note = notes.Begin($"{fault.Name} {host.Name}");
        _healing.Add(Act());

        async Task Act()
        {
            await act(host);
            FaultNotes.End(note);
            host.IsBusy = false;
        }
    }

    private async Task Noted(PlannedFault fault, Func<Task> act)
    {
        var note = notes.Begin(fault.Name);
        await act();
        FaultNotes.End(note);
    }

    private async Task OfStore(FaultType type)
    {
        switch (type)
        {
            case FaultType.KillStore:
                await cluster.Redis!.Kill();
                await Task.Delay(TimeSpan.FromSeconds(1));
                await cluster.Redis.Restart();
                break;
            case FaultType.StopStore:
                await cluster.Redis!.Stop();
                await Task.Delay(settings.StoreStopped);
                await cluster.Redis.Continue();
                break;
            case FaultType.FlushScripts:
                await Server(server => server.ScriptFlushAsync());
                break;
            case FaultType.FillStore:
                await Server(server => server.ConfigSetAsync("maxmemory", "1"));
                await Task.Delay(TimeSpan.FromSeconds(2));
                await Server(server => server.ConfigSetAsync("maxmemory", "0"));
                break;
            default:
                cluster.Proxy!.Late = s_late;
                await Task.Delay(TimeSpan.FromSeconds(3));
                cluster.Proxy.Late = TimeSpan.Zero;
                break;
        }
    }

    private async Task Server(Func<StackExchange.Redis.IServer, Task> act)
    {
        var server = cluster.Direct!.GetServers()[0];
        await Tests.Processes.Poll.Until(async () =>
        {
            try
            {
                await act(server);
                return true;
            }
            catch (Exception fault) when (fault is StackExchange.Redis.RedisException or TimeoutException)
            {
                return false;
            }
        }, () => "answer of Redis to the harness", TimeSpan.FromSeconds(30));
    }

    private void Providers(PlannedFault planned, FaultKind kind, int times)
    {
        var note = notes.Begin(planned.Name);
        Fault fault = new() { Kind = kind, Stage = SmtpStage.EndOfData };
        // A mail that hangs does so for two minutes: not in a short run.
        var receivers = Enum.GetValues<Receiver>().Where(receiver => kind != FaultKind.Hang || receiver != Receiver.Email || settings.Messages > 1000);
        foreach (var receiver in receivers) cluster.Providers.Faults.Add(receiver, fault, times);
        _healing.Add(End());

        // Those that have met no request by then meet none: a circuit that is open would be tried by one of them a minute.
        async Task End()
        {
            await Task.Delay(s_faulty);
            cluster.Providers.Faults.Clear();
            FaultNotes.End(note);
        }
    }
}
