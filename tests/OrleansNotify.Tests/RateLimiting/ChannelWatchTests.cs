using System.Collections.Immutable;
using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OrleansNotify.RateLimiting;
using OrleansNotify.Storage;
using OrleansNotify.Tests.Cluster;

namespace OrleansNotify.Tests.RateLimiting;

public sealed class ChannelWatchTests
{
    private static readonly NotifyOptions s_options = new() { ServiceId = "test", PublicUrl = "https://notify.example" };

    private readonly FakeTimeProvider _clock = new(World.Now);
    private readonly Limiter _grain = new();
    private readonly ChannelWatch _watch;

    public ChannelWatchTests()
    {
        var grains = DispatchProxy.Create<IGrainFactory, OneGrain>();
        ((OneGrain)(object)grains).Grain = _grain;
        _watch = new ChannelWatch(grains, s_options, new StoreClock(_clock), _clock, NullLogger<ChannelWatch>.Instance);
    }

    private ChannelState State => _watch.StateOf(Channel.Email);

    [Fact]
    public async Task A_look_that_was_under_way_when_the_silo_opened_a_circuit_does_not_close_it()
    {
        var looked = _watch.LookAll();
        _watch.Open(Channel.Email, null, "500");
        _grain.Looked.SetResult();
        await looked;
        Assert.Equal("500", State.Circuit?.Reason);

        await _watch.LookAll();
        Assert.Null(State.Circuit);
    }

    [Fact]
    public async Task What_the_grain_has_not_heard_yet_is_not_undone_by_its_answer()
    {
        _grain.Looked.SetResult();
        _grain.Told = new TaskCompletionSource();
        _watch.Pause(Channel.Email, null, World.Now.AddSeconds(30));
        await _watch.LookAll();
        Assert.Equal(World.Now.AddSeconds(30), State.PausedUntil);

        _grain.Told.SetResult();
        await _watch.LookAll();
        Assert.Null(State.PausedUntil);
    }

    [Fact]
    public async Task What_never_reaches_the_grain_ends_with_a_look_after_the_silo_has_given_up()
    {
        _grain.Looked.SetResult();
        _grain.Told = new TaskCompletionSource();
        _watch.EndTrial(Channel.Email, null, failed: false, "");
        _watch.Open(Channel.Email, null, "500");
        await _watch.LookAll();
        Assert.NotNull(State.Circuit);

        _clock.Advance(TimeSpan.FromSeconds(5));
        await _watch.LookAll();
        Assert.Null(State.Circuit);
    }

    /// <summary>A channel in whose way nothing stands, as its grain says when it is let answer.</summary>
    private sealed class Limiter : IRateLimiterGrain
    {
        public TaskCompletionSource Looked { get; } = new();

        public TaskCompletionSource? Told { get; set; }

        public async Task<ChannelStatus> Look(ImmutableArray<SentTo> sent)
        {
            await Looked.Task;
            return new ChannelStatus { TransactionalWaiting = false, CampaignWaiting = false, State = ChannelState.Clear };
        }

        public Task Poke() => Task.CompletedTask;

        public Task Open(string? service, string reason) => Told?.Task ?? Task.CompletedTask;

        public Task Pause(string? service, DateTimeOffset until) => Told?.Task ?? Task.CompletedTask;

        public Task Lift(string by) => Task.CompletedTask;

        public Task EndTrial(string? service, bool failed, string reason) => Told?.Task ?? Task.CompletedTask;

        public Task Untried(Guid message) => Told?.Task ?? Task.CompletedTask;

        public Task<bool> ClaimTrial(string service, Guid message, DateTimeOffset hardEnd) => Task.FromResult(false);

        public Task OtherIsBack() => Task.CompletedTask;
    }
}

/// <summary>A cluster of one grain.</summary>
public class OneGrain : DispatchProxy
{
    /// <summary>It.</summary>
    public object? Grain { get; set; }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Grain;
}
