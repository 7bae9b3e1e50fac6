namespace OrleansNotify.Host.Api.DeadLetters;

/// <summary>Which letters to redrive.</summary>
internal sealed record RedriveBody : DeadLetterFilter
{
    /// <summary>Only says how many there are.</summary>
    public bool DryRun { get; init; }

    /// <summary>What the grain is asked.</summary>
    public DeadLetterFilter Filter() => new() { UserId = UserId, Channel = Channel, Reason = Reason, TemplateName = TemplateName, From = From, To = To };
}

/// <summary>How many letters there are to redrive, and the job that does it.</summary>
/// <param name="RedriveId">The job; none after a dry run.</param>
/// <param name="Count">How many letters the filter takes.</param>
internal sealed record RedriveCount(Guid? RedriveId, long Count);

/// <summary>What became of the redrive of one letter.</summary>
/// <param name="Status">What became of it.</param>
internal sealed record RedriveReport(RedriveResult Status);
