using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Console;

namespace OrleansNotify.Host.Silo;

/// <summary>
/// The console, in an outage: everything that asks fails then, many times a second. Of each kind of line that tells of such a fault the first
/// is shown, and after that, every ten seconds while there are more, the last with how many there were. Any other line passes as it is.
/// </summary>
[ProviderAlias("Console")]
internal sealed class OutageLines(ConsoleLoggerProvider console, TimeProvider clock) : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentBag<RepeatedLines> _repeated = [];

    public ILogger CreateLogger(string categoryName)
    {
        RepeatedLines lines = new(console.CreateLogger(categoryName), clock);
        _repeated.Add(lines);
        return lines;
    }

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => console.SetScopeProvider(scopeProvider);

    /// <summary>Shows what was counted and not told yet.</summary>
    public void Dispose()
    {
        foreach (var lines in _repeated) lines.Dispose();
    }
}

/// <summary>The lines of one source.</summary>
internal sealed class RepeatedLines(ILogger shown, TimeProvider clock) : ILogger, IDisposable
{
    /// <summary>How long lines are counted before the count is shown.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<EventId, Repeated> _kinds = new();

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => shown.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => shown.IsEnabled(logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (exception is null || !Outage.Is(exception)) shown.Log(logLevel, eventId, state, exception, formatter);
        else if (_kinds.GetOrAdd(eventId, id => new Repeated(shown, id, clock)).IsFirst(logLevel, formatter(state, exception), exception))
            shown.Log(logLevel, eventId, state, exception, formatter);
    }

    public void Dispose()
    {
        foreach (var kind in _kinds.Values) kind.Dispose();
    }

    /// <summary>Lines of one kind.</summary>
    private sealed class Repeated : IDisposable
    {
        private readonly ILogger _shown;
        private readonly EventId _id;
        private readonly ITimer _timer;
        private readonly Lock _gate = new();
        private (LogLevel Level, string Text, Exception Fault) _last;
        private bool _isCounting;
        private int _count;

        public Repeated(ILogger shown, EventId id, TimeProvider clock)
        {
            (_shown, _id) = (shown, id);
            _timer = clock.CreateTimer(_ => Tell(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        /// <summary>Whether to show it; otherwise it is counted.</summary>
        public bool IsFirst(LogLevel level, string text, Exception fault)
        {
            lock (_gate)
            {
                if (!_isCounting)
                {
                    _isCounting = true;
                    _timer.Change(Window, Timeout.InfiniteTimeSpan);
                    return true;
                }

                _last = (level, text, fault);
                _count++;
                return false;
            }
        }

        public void Dispose()
        {
            _timer.Dispose();
            Tell();
        }

        private void Tell()
        {
            int count;
            (LogLevel Level, string Text, Exception Fault) last;
            lock (_gate)
            {
                (count, last) = (_count, _last);
                _count = 0;
                if (count == 0) _isCounting = false;
                else _timer.Change(Window, Timeout.InfiniteTimeSpan);
            }

            if (count > 0) _shown.Log(last.Level, _id, (last.Text, count), last.Fault, (line, _) => $"{line.Text} (the last of {line.count} such lines)");
        }
    }
}
