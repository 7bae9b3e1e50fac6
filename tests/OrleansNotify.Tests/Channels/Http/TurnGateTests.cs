using Microsoft.Extensions.Time.Testing;
using OrleansNotify.Channels.Http;
using OrleansNotify.Delivery;

namespace OrleansNotify.Tests.Channels.Http;

public sealed class TurnGateTests
{
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(50);

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task Without_a_limit_the_hard_end_alone_ends_the_sending()
    {
        using CancellationTokenSource hardEnd = new();
        await using TurnGate gate = new(OrleansNotify.Delivery.Turn.Unlimited, _clock, hardEnd.Token);
        _clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal(hardEnd.Token, gate.Cancellation);
        Assert.True(gate.TryPass());
        Assert.False(gate.IsOver);
    }

    [Fact]
    public async Task Whoever_passes_in_time_holds_the_gate_open()
    {
        await using var gate = Gate();
        Assert.True(gate.TryPass());
        _clock.Advance(Turn * 2);

        Assert.True(gate.TryPass());
        Assert.False(gate.IsOver);
        Assert.False(gate.Cancellation.IsCancellationRequested);
    }

    [Fact]
    public async Task When_the_turn_is_over_who_waits_stops_and_nobody_passes()
    {
        await using var gate = Gate();
        _clock.Advance(Turn - TimeSpan.FromMilliseconds(1));
        Assert.False(gate.Cancellation.IsCancellationRequested);
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.True(gate.Cancellation.IsCancellationRequested);
        Assert.True(gate.IsOver);
        Assert.False(gate.TryPass());
    }

    [Fact]
    public async Task A_late_timer_lets_nobody_through()
    {
        // The turn is counted on a clock that goes on, while the timer's stands, as that of a busy machine may.
        FakeTimeProvider standing = new();
        await using TurnGate gate = new(new Turn(_clock, Turn), standing, CancellationToken.None);
        _clock.Advance(Turn);

        Assert.False(gate.TryPass());
        Assert.True(gate.IsOver);
        standing.Advance(Turn);
        Assert.False(gate.TryPass());
    }

    [Fact]
    public async Task The_hard_end_ends_a_limited_turn_too()
    {
        using CancellationTokenSource hardEnd = new();
        await using TurnGate gate = new(new Turn(_clock, Turn), _clock, hardEnd.Token);
        await hardEnd.CancelAsync();

        Assert.True(gate.Cancellation.IsCancellationRequested);
        Assert.False(gate.IsOver);
    }

    [Fact]
    public async Task A_gate_that_was_left_does_nothing_more()
    {
        var gate = Gate();
        var cancellation = gate.Cancellation;
        await gate.DisposeAsync();
        _clock.Advance(Turn * 2);

        Assert.False(cancellation.IsCancellationRequested);
    }

    private TurnGate Gate() => new(new Turn(_clock, Turn), _clock, CancellationToken.None);
}
