using System.Collections.Concurrent;
using System.Collections.Immutable;
using OrleansNotify.RateLimiting;

namespace OrleansNotify.Tests.Host.Api;

/// <summary>A channel's grain that keeps who lifted its pauses.</summary>
internal sealed class FakeChannel : IRateLimiterGrain
{
    public ConcurrentQueue<string> LiftedBy { get; } = new();

    public Task Lift(string by)
    {
        LiftedBy.Enqueue(by);
        return Task.CompletedTask;
    }

    public Task Poke() => throw new NotSupportedException();

    public Task<ChannelStatus> Look(ImmutableArray<SentTo> sent) => throw new NotSupportedException();

    public Task Open(string? service, string reason) => throw new NotSupportedException();

    public Task Pause(string? service, DateTimeOffset until) => throw new NotSupportedException();

    public Task EndTrial(string? service, bool failed, string reason) => throw new NotSupportedException();

    public Task Untried(Guid message) => throw new NotSupportedException();

    public Task<bool> ClaimTrial(string service, Guid message, DateTimeOffset hardEnd) => throw new NotSupportedException();

    public Task OtherIsBack() => throw new NotSupportedException();
}
