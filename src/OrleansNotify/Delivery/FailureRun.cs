using System.Collections.Immutable;

namespace OrleansNotify.Delivery;

/// <summary>The failures in a row that one silo has seen of a channel, or of one push service.</summary>
internal sealed record FailureRun(ImmutableHashSet<string> People, int Connects)
{
    /// <summary>How many in a row open the circuit.</summary>
    public const int Most = 5;

    public static FailureRun None { get; } = new(ImmutableHashSet<string>.Empty, 0);

    public bool IsTooLong => People.Count + Connects >= Most;

    /// <summary>
    /// One more outcome: a failure counts once for each person, one to connect or to be greeted always, for nobody's message is to blame;
    /// anything else starts again from zero.
    /// </summary>
    public FailureRun Then(string person, OutcomeKind kind, bool connectFailed) => kind switch
    {
        OutcomeKind.Retry or OutcomeKind.Unknown or OutcomeKind.Refused when connectFailed => this with { Connects = Connects + 1 },
        OutcomeKind.Retry or OutcomeKind.Unknown or OutcomeKind.Refused => this with { People = People.Add(person) },
        OutcomeKind.Withdrawn => this,
        _ => None,
    };
}
