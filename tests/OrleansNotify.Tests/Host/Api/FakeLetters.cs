using System.Collections.Concurrent;

namespace OrleansNotify.Tests.Host.Api;

/// <summary>The dead letters' grain: keeps what it was asked, and answers what the test put here.</summary>
internal sealed class FakeLetters : IDeadLetterGrain
{
    public ConcurrentQueue<object?> Asked { get; } = new();

    public Page<DeadLetterView> Page { get; set; } = new() { Items = [] };
    public Page<DeadLetterGroup> Grouped { get; set; } = new() { Items = [] };
    public DeadLetterView? Letter { get; set; }
    public RedriveResult Redriven { get; set; }
    public bool Discarded { get; set; }
    public RedriveView? Job { get; set; }

    public Task<Page<DeadLetterView>> List(DeadLetterFilter filter, string? cursor, int limit) => Ask((filter, cursor, limit), Page);

    public Task<Page<DeadLetterGroup>> Groups(DeadLetterFilter filter) => Ask(filter, Grouped);

    public Task<long> Count(DeadLetterFilter filter) => Ask(filter, 7L);

    public Task<DeadLetterView?> Get(string id) => Ask(id, Letter);

    public Task<RedriveResult> Redrive(string id, string by) => Ask((id, by), Redriven);

    public Task<bool> Discard(string id, string by) => Ask((id, by), Discarded);

    public Task<RedriveView> RedriveAll(DeadLetterFilter filter, string by) => Ask(
        (filter, by), new RedriveView { RedriveId = Guid.Empty, Status = RedriveStatus.Running, Total = 7, Remaining = 7, StartedAt = DateTimeOffset.UnixEpoch, By = by });

    public Task<RedriveView?> GetRedrive(Guid id) => Ask(id, Job);

    private Task<T> Ask<T>(object? asked, T answer)
    {
        Asked.Enqueue(asked);
        return Task.FromResult(answer);
    }
}
