using System.Collections.Immutable;
using OrleansNotify.Delivery;

namespace OrleansNotify.RateLimiting;

/// <summary>What stands in a channel's way: pauses that a provider asked for, and open circuits. The <c>channel</c> grain state.</summary>
[GenerateSerializer, Immutable, Alias("notify.ChannelState")]
internal sealed record ChannelState
{
    /// <summary>Until when nothing is sent over the channel.</summary>
    [Id(0)]
    public DateTimeOffset? PausedUntil { get; init; }

    /// <summary>The channel's circuit, while it is not closed.</summary>
    [Id(1)]
    public Circuit? Circuit { get; init; }

    /// <summary>Of push: what stands in the way of each push service, by origin. At most <see cref="MostServices"/>.</summary>
    [Id(2)]
    public ImmutableDictionary<string, ServiceState> Services { get; init; } = ImmutableDictionary<string, ServiceState>.Empty;

    /// <summary>How often an owner has lifted the channel's pauses: those of one chat or device that were kept before are over then.</summary>
    [Id(3)]
    public int Lifts { get; init; }

    /// <summary>More push services than the world has; an origin beyond them replaces the one that opens first.</summary>
    public const int MostServices = 64;

    public static ChannelState Clear { get; } = new();

    public bool IsPaused(DateTimeOffset now) => Pauses.IsOn(PausedUntil, now);

    /// <summary>Whether the channel gives no turns: it is paused, or its circuit is open and not on trial.</summary>
    public bool IsShut(DateTimeOffset now) => IsPaused(now) || Circuit is { } circuit && !circuit.IsOnTrial(now);

    /// <summary>What stands in the way of the whole channel, as it is kept for a service.</summary>
    public ServiceState Whole => new() { PausedUntil = PausedUntil, Circuit = Circuit };

    /// <summary>The state of one service; null where nothing stands in its way.</summary>
    public ServiceState? Of(string service) => Services.GetValueOrDefault(service);

    /// <summary>Opens a circuit, of the channel or of one service; one that is open stays as it is.</summary>
    public ChannelState Open(string? service, string reason, DateTimeOffset now) =>
        With(service, now, state => state.Circuit is null ? state with { Circuit = Circuit.Open(now, reason) } : state);

    /// <summary>Pauses the channel or one service, for an hour at most; the longer of two pauses holds.</summary>
    public ChannelState Pause(string? service, DateTimeOffset until, DateTimeOffset now)
    {
        var end = Pauses.Clamp(until, now);
        return With(service, now, state => Pauses.IsOn(state.PausedUntil, now) && state.PausedUntil > end ? state : state with { PausedUntil = end });
    }

    /// <summary>Ends every pause; circuits stay as they are.</summary>
    public ChannelState Lift() => this with
    {
        PausedUntil = null,
        Services = Services.Where(each => each.Value.Circuit is not null).ToImmutableDictionary(each => each.Key, each => each.Value with { PausedUntil = null }),
        Lifts = Lifts + 1,
    };

    /// <summary>Has a message try an open circuit, unless the circuit has changed meanwhile: the message may have had its answer by then.</summary>
    public ChannelState Try(string? service, Circuit tried, Trial trial, DateTimeOffset now) =>
        With(service, now, state => state.Circuit == tried ? state with { Circuit = tried with { Trial = trial } } : state);

    /// <summary>Closes a circuit after its trial, or opens it anew; one that is closed stays closed.</summary>
    public ChannelState EndTrial(string? service, bool failed, string reason, DateTimeOffset now) =>
        With(service, now, state => state with { Circuit = failed ? state.Circuit?.Reopen(now, reason) : null });

    /// <summary>Whether a message is trying a circuit here.</summary>
    public bool IsTriedBy(Guid message) => Circuit?.Trial?.Message == message || Services.Values.Any(state => state.Circuit?.Trial?.Message == message);

    /// <summary>
    /// Has another message try what this one was to try and did not. Where the channel's trial is not noted yet, it is not begun any more.
    /// </summary>
    public ChannelState Untried(Guid message, DateTimeOffset now) => this with
    {
        Circuit = Circuit is { } circuit && (circuit.Trial?.Message == message || circuit.IsOnTrial(now)) ? circuit.Untried(now) : Circuit,
        Services = Services.SetItems(
            from each in Services
            where each.Value.Circuit?.Trial?.Message == message
            select KeyValuePair.Create(each.Key, each.Value with { Circuit = each.Value.Circuit!.Untried(now) })),
    };

    private ChannelState With(string? service, DateTimeOffset now, Func<ServiceState, ServiceState> change)
    {
        if (service is not null) return With(service, change(Of(service) ?? new ServiceState()), now);
        var changed = change(Whole);
        return this with { PausedUntil = changed.PausedUntil, Circuit = changed.Circuit };
    }

    /// <summary>With one service's state replaced; those of which nothing is left to say are dropped.</summary>
    private ChannelState With(string service, ServiceState state, DateTimeOffset now)
    {
        var services = Services.Where(each => each.Key != service && each.Value.IsWorthKeeping(now)).ToImmutableDictionary();
        if (services.Count >= MostServices) services = services.Remove(services.MinBy(each => each.Value.NotBefore(now) ?? now).Key);
        return this with { Services = state.IsWorthKeeping(now) ? services.Add(service, state) : services };
    }
}

/// <summary>What stands in the way of one push service.</summary>
[GenerateSerializer, Immutable, Alias("notify.ServiceState")]
internal sealed record ServiceState
{
    [Id(0)]
    public DateTimeOffset? PausedUntil { get; init; }

    [Id(1)]
    public Circuit? Circuit { get; init; }

    public bool IsWorthKeeping(DateTimeOffset now) => Circuit is not null || Pauses.IsOn(PausedUntil, now);

    /// <summary>When it may be tried again; null if now.</summary>
    public DateTimeOffset? NotBefore(DateTimeOffset now) => ObstacleAt(now) is { } obstacle && obstacle.Until > now ? obstacle.Until : null;

    /// <summary>
    /// What stands in the way, and until when: of a pause and an open circuit what ends later. An open circuit does so while it is on trial, too,
    /// for only one message tries it.
    /// </summary>
    public Obstacle? ObstacleAt(DateTimeOffset now)
    {
        var pause = Pauses.IsOn(PausedUntil, now) ? new Obstacle(Reasons.ChannelPaused, PausedUntil!.Value) : null;
        if (Circuit is null) return pause;
        var trial = Circuit.Trial is { } running ? running.HardEnd + AttemptLooks.Grace : Circuit.TrialAt;
        return pause?.Until > trial ? pause : new Obstacle(Reasons.CircuitOpen, trial);
    }
}
