using System.Collections.Immutable;
using OrleansNotify.Delivery;
using OrleansNotify.Host.Health;
using OrleansNotify.RateLimiting;
using OrleansNotify.Tests.Cluster;

namespace OrleansNotify.Tests.Host.Health;

public sealed class ChannelReportTests
{
    private static readonly DateTimeOffset s_now = World.Now;
    private static readonly Circuit s_open = Circuit.Open(s_now.AddMinutes(-1), "timeout") with { TrialAt = s_now.AddSeconds(20) };

    [Fact]
    public void A_channel_that_nothing_stands_in_the_way_of_is_closed_and_no_more() =>
        Assert.Equal(new ChannelReport(CircuitState.Closed, null, null, null), ChannelReport.Of(ChannelState.Clear with { PausedUntil = s_now }, s_now));

    [Fact]
    public void An_open_circuit_says_why_since_when_and_until_when()
    {
        Assert.Equal(
            new ChannelReport(CircuitState.Open, "timeout", s_now.AddMinutes(-1), s_now.AddSeconds(20)),
            ChannelReport.Of(ChannelState.Clear with { Circuit = s_open }, s_now));
        Assert.Equal(CircuitState.Trial, ChannelReport.Of(ChannelState.Clear with { Circuit = s_open }, s_now.AddSeconds(20)).Circuit);
        var tried = ChannelState.Clear with { Circuit = s_open with { Trial = new Trial(Guid.Empty, s_now.AddSeconds(30)) } };
        Assert.Equal((CircuitState.Trial, s_now.AddSeconds(40)), (ChannelReport.Of(tried, s_now).Circuit, ChannelReport.Of(tried, s_now).PausedUntil));
    }

    [Fact]
    public void Push_services_that_something_stands_in_the_way_of_are_told_by_origin()
    {
        var services = ImmutableDictionary<string, ServiceState>.Empty
            .Add("https://b.example", new ServiceState { Circuit = s_open })
            .Add("https://a.example", new ServiceState { PausedUntil = s_now.AddHours(1) })
            .Add("https://c.example", new ServiceState { PausedUntil = s_now });
        var told = ChannelReport.Of(ChannelState.Clear with { Services = services }, s_now);
        Assert.Equal(CircuitState.Closed, told.Circuit);
        Assert.Equal(["https://a.example", "https://b.example"], told.Services!.Keys);
        Assert.Equal(new ChannelReport(CircuitState.Closed, null, null, s_now.AddHours(1)), told.Services["https://a.example"]);
    }
}
