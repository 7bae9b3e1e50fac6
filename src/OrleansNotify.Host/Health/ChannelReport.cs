using OrleansNotify.RateLimiting;
using OrleansNotify.Storage;

namespace OrleansNotify.Host.Health;

/// <summary>What this silo knows to stand in the way of a channel, or of one push service.</summary>
/// <param name="Circuit">Whether it is in use.</param>
/// <param name="Reason">The outcome that opened the circuit, in a word.</param>
/// <param name="Since">Since when the circuit has not been closed.</param>
/// <param name="PausedUntil">Until when nothing goes over it: as its provider asked, or until the circuit's next trial.</param>
internal sealed record ChannelReport(CircuitState Circuit, string? Reason, DateTimeOffset? Since, DateTimeOffset? PausedUntil)
{
    /// <summary>Of push: the services that something stands in the way of, by their origin.</summary>
    public SortedDictionary<string, ChannelReport>? Services { get; init; }

    /// <summary>The configured channels by their names.</summary>
    public static SortedDictionary<string, ChannelReport> OfAll(NotifyOptions options, ChannelWatch channels, StoreClock clock) =>
        new(Enum.GetValues<Channel>().Where(options.IsConfigured).ToDictionary(Keys.Name, channel => Of(channels.StateOf(channel), clock.Now)));

    public static ChannelReport Of(ChannelState state, DateTimeOffset now)
    {
        var services = state.Services.Where(service => service.Value.IsWorthKeeping(now)).ToDictionary(service => service.Key, service => Of(service.Value, now));
        return Of(state.Whole, now) with { Services = services.Count == 0 ? null : new(services) };
    }

    private static ChannelReport Of(ServiceState state, DateTimeOffset now) =>
        new(Delivery.Circuit.StateOf(state.Circuit, now), state.Circuit?.Reason, state.Circuit?.OpenedAt, state.NotBefore(now));
}
