using Microsoft.Extensions.Logging.Testing;
using OrleansNotify.Host.Api.Errors;

namespace OrleansNotify.Tests.Host.Api;

public sealed class FaultLogTests
{
    [Fact]
    public void An_outage_is_said_once_a_second_with_how_many_it_hit()
    {
        var clock = new TestClock();
        FakeLogger<FaultLog> lines = new();
        var log = new FaultLog(clock, lines);
        for (var at = 0; at < 5; at++) log.Say($"request {at}", new TimeoutException());
        clock.Advance(TimeSpan.FromSeconds(1));
        log.Say("another", new TimeoutException());
        Assert.Equal(
            ["request 0 was answered as unavailable; so were 0 others since the last such line", "another was answered as unavailable; so were 4 others since the last such line"],
            lines.Collector.GetSnapshot().Select(line => line.Message));
        Assert.All(lines.Collector.GetSnapshot(), line => Assert.NotNull(line.Exception));
    }
}
