using OrleansNotify.Benchmarks.Load;
using OrleansNotify.Storage;

namespace OrleansNotify.Benchmarks.Rules;

/// <summary>What <see cref="RecoverRun"/> has seen of one kind of failure.</summary>
internal sealed record RecoverReport
{
    // The two silos' ideas of the store's clock differ by so much, in milliseconds.
    private const double Imprecision = 50;

    public required string Mode { get; init; }
    public required int Messages { get; init; }
    public required int Missing { get; init; }
    public required int Attempts { get; init; }

    /// <summary>By how much an attempt came after the shortest delay that the schedule allows it, at least.</summary>
    public required double EarliestMs { get; init; }

    /// <summary>By how much attempts came after the longest delay of the schedule; with the circuit open, that is how long they waited for it.</summary>
    public required Percentiles? LateMs { get; init; }

    /// <summary>From the provider's recovery to the last arrival; the trial that finds it out may be a minute away.</summary>
    public required double? SecondsToLastAfterRecovery { get; init; }

    public required long DeadLetters { get; init; }
    public required long AgendaEntries { get; init; }
    public required int Reminders { get; init; }
    public required int OtherReminders { get; init; }

    public bool Holds => Missing <= 0 && EarliestMs >= -Imprecision && DeadLetters == 0 && AgendaEntries == 0
        && Reminders == Keys.AgendaShards && OtherReminders == 0 && (SecondsToLastAfterRecovery is null or < 90);
}
