using Microsoft.Extensions.Time.Testing;

namespace OrleansNotify.Tests.Channels.Email;

/// <summary>A clock that stands until it is told to go on, and says when somebody waits for it.</summary>
internal sealed class WatchedClock : FakeTimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<TimeSpan> _armed = [];
    private readonly List<(TimeSpan Due, int Times, TaskCompletionSource Reached)> _watchers = [];

    public WatchedClock()
        : base(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero))
    {
    }

    /// <summary>What is done whenever the time is asked for.</summary>
    public Action? Asked { get; set; }

    /// <summary>Waits until this many timers were set to a time.</summary>
    public Task Armed(TimeSpan due, int times = 1)
    {
        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _watchers.Add((due, times, reached));
            Look();
        }

        return reached.Task.WaitAsync(TestContext.Current.CancellationToken);
    }

    public override DateTimeOffset GetUtcNow()
    {
        Asked?.Invoke();
        return base.GetUtcNow();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        lock (_gate)
        {
            _armed.Add(dueTime);
            Look();
        }

        return timer;
    }

    private void Look()
    {
        foreach (var (due, times, reached) in _watchers)
            if (_armed.Count(armed => armed == due) >= times) reached.TrySetResult();
    }
}
