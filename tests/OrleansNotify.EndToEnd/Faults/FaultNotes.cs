using System.Collections.Concurrent;

namespace OrleansNotify.EndToEnd.Faults;

/// <summary>A fault that was.</summary>
internal sealed record FaultNote(int Number, string Name, DateTimeOffset From)
{
    public DateTimeOffset To { get; set; } = DateTimeOffset.MaxValue;

    /// <summary>Users whose grain was on the host that was killed; empty for other faults.</summary>
    public IReadOnlySet<string> Users { get; init; } = new HashSet<string>();
}

/// <summary>What was seen in a run beside messages.</summary>
internal sealed class FaultNotes(Action<string> say)
{
    private readonly ConcurrentQueue<FaultNote> _faults = new();
    private readonly ConcurrentQueue<string> _wrong = new();
    private readonly ConcurrentDictionary<string, int> _answers = new();
    private readonly long _began = TimeProvider.System.GetTimestamp();
    private int _slowest;

    public IReadOnlyCollection<FaultNote> Faults => _faults;

    /// <summary>Answers that no caller should see.</summary>
    public IReadOnlyCollection<string> Wrong => _wrong;

    /// <summary>How often each kind of answer was seen.</summary>
    public IReadOnlyDictionary<string, int> Answers => _answers;

    /// <summary>The slowest answer of a host that was not frozen.</summary>
    public TimeSpan Slowest => TimeSpan.FromMilliseconds(_slowest);

    public FaultNote Begin(string name, IReadOnlySet<string>? users = null)
    {
        FaultNote note = new(_faults.Count + 1, name, TimeProvider.System.GetUtcNow()) { Users = users ?? new HashSet<string>() };
        _faults.Enqueue(note);
        Say($"{note.Number,3} {name}");
        return note;
    }

    public static void End(FaultNote note) => note.To = TimeProvider.System.GetUtcNow();

    public void Answered(string kind, TimeSpan after, string? host)
    {
        _answers.AddOrUpdate(kind, 1, (_, count) => count + 1);
        if (host is null) return;
        int seen, ms = (int)after.TotalMilliseconds;
        while (ms > (seen = _slowest) && Interlocked.CompareExchange(ref _slowest, ms, seen) != seen)
        {
        }
    }

    public void Complain(string what)
    {
        _wrong.Enqueue(what);
        Say($"    WRONG: {what}");
    }

    public void Say(string what) => say($"{TimeProvider.System.GetElapsedTime(_began).TotalSeconds,7:0.0} s  {what}");
}
