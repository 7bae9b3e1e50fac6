using OrleansNotify.EndToEnd.Faults;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd;

public sealed class FrozenSiloTests
{
    // What it takes on a machine of its own is some 11 s; three times the probes' time and a vote, here with others at work beside it.
    private static readonly TimeSpan s_atMost = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task A_frozen_silo_costs_its_users_15_seconds_at_most_and_ends_when_it_is_thawed()
    {
        Needs.Program("redis-server");

        var seen = await FrozenSilo.Measure();

        Assert.True(seen.Refused <= s_atMost, $"its users were refused for {seen.Refused}, and it was declared dead after {seen.Declared}");
        Assert.Subset(new HashSet<string>(["silo_unavailable"]), seen.Reasons.ToHashSet());
        Assert.NotEqual(0, seen.ExitCode);
        Assert.Contains("I have been told I am dead", seen.Said, StringComparison.Ordinal);
    }
}
