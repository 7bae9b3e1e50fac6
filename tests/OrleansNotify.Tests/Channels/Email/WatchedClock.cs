using Microsoft.Extensions.Time.Testing;

namespace OrleansNotify.Tests.Channels.Email;

/// <summary>A clock that stands until it is told to go on, and says when somebody waits for it.</summary>
internal sealed class WatchedClock : FakeTimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<TimeSpan> _armed = [], _disposed = [];
    private readonly List<(List<TimeSpan> Of, TimeSpan Due, int Times, TaskCompletionSource Reached)> _watchers = [];

    public WatchedClock()
        : base(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero))
    {
    }

    /// <summary>What is done whenever the time is asked for.</summary>
    public Action? Asked { get; set; }

    /// <summary>Waits until this many timers were set to a time.</summary>
    public Task Armed(TimeSpan due, int times = 1) => Watch(_armed, due, times);

    /// <summary>Waits until this many timers that were set to a time are needed no more.</summary>
    public Task Disposed(TimeSpan due, int times = 1) => Watch(_disposed, due, times);

    private Task Watch(List<TimeSpan> of, TimeSpan due, int times)
    {
        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _watchers.Add((of, due, times, reached));
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
        Timer timer = new(base.CreateTimer(callback, state, dueTime, period), () => Add(_disposed, dueTime));
        Add(_armed, dueTime);
        return timer;
    }

    private void Add(List<TimeSpan> to, TimeSpan due)
    {
        lock (_gate)
        {
            to.Add(due);
            Look();
        }
    }

    private void Look()
    {
        foreach (var (of, due, times, reached) in _watchers)
            if (of.Count(seen => seen == due) >= times) reached.TrySetResult();
    }

    private sealed class Timer(ITimer timer, Action disposed) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

        public void Dispose()
        {
            timer.Dispose();
            disposed();
        }

        public async ValueTask DisposeAsync()
        {
            await timer.DisposeAsync();
            disposed();
        }
    }
}
