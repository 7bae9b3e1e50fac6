using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd.Faults;

public sealed class FaultTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Nothing_accepted_is_lost_whatever_fails()
    {
        Needs.Program("redis-server");
        await Run(new FaultSettings { Seed = 1, Messages = 300 });
    }

    [Fact]
    public async Task A_rolling_restart_under_load_shows_its_callers_nothing_but_503_and_lost_connections()
    {
        Needs.Program("redis-server");
        await Run(new FaultSettings { Seed = 1, Messages = 150, Only = [FaultType.Terminate] });
    }

    [Fact]
    public async Task A_single_host_with_its_own_store_loses_nothing_either() =>
        await Run(new FaultSettings { Seed = 1, Messages = 100, Embedded = true });

    private async Task Run(FaultSettings settings)
    {
        var ledger = await FaultRun.Run(settings with { Say = output.WriteLine });
        output.WriteLine($"{ledger}");
        Assert.True(ledger.Wrong.Count == 0, $"{ledger}");
    }
}
