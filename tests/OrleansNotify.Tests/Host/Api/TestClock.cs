using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace OrleansNotify.Tests.Host.Api;

/// <summary>A clock that stands still, and tells when somebody begins to wait by it.</summary>
internal sealed class TestClock() : FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero))
{
    private readonly ConcurrentDictionary<TimeSpan, TaskCompletionSource> _timers = new();
    private readonly ConcurrentDictionary<TimeSpan, int> _counts = new();

    /// <summary>Ends when a timer of this length has been started.</summary>
    public Task TimerOf(TimeSpan dueTime) => Started(dueTime).Task.WaitAsync(TestContext.Current.CancellationToken);

    /// <summary>How many timers of this length have been started.</summary>
    public int TimersOf(TimeSpan dueTime) => _counts.GetValueOrDefault(dueTime);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        Started(dueTime).TrySetResult();
        _counts.AddOrUpdate(dueTime, 1, (_, count) => count + 1);
        return timer;
    }

    private TaskCompletionSource Started(TimeSpan dueTime) =>
        _timers.GetOrAdd(dueTime, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
