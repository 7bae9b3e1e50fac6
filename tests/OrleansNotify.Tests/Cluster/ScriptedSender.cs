using System.Collections.Immutable;
using OrleansNotify.Delivery;

namespace OrleansNotify.Tests.Cluster;

/// <summary>A channel's sender that answers what a test says, and remembers what it was asked.</summary>
internal sealed class ScriptedSender(Channel channel) : IChannelSender
{
    private ImmutableList<SendJob> _jobs = [];

    public Channel Channel => channel;

    public TimeSpan HardEnd => TimeSpan.FromSeconds(channel == Channel.Email ? 120 : 30);

    public IReadOnlyList<SendJob> Jobs => _jobs;

    public IEnumerable<Guid> Messages => _jobs.Select(job => job.MessageId);

    /// <summary>What it answers; success unless a test says otherwise.</summary>
    public Func<SendJob, CancellationToken, Task<Outcome>> Answer { get; set; } = (_, _) => Task.FromResult(Outcomes.Sent);

    public void Answers(Outcome outcome) => Answer = (_, _) => Task.FromResult(outcome);

    /// <summary>Answers nothing until the returned source is completed.</summary>
    public TaskCompletionSource<Outcome> Hang()
    {
        TaskCompletionSource<Outcome> source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Answer = (_, hardEnd) => source.Task.WaitAsync(hardEnd);
        return source;
    }

    public Task<Outcome> Send(SendJob job, CancellationToken hardEnd)
    {
        ImmutableInterlocked.Update(ref _jobs, jobs => jobs.Add(job));
        return Answer(job, hardEnd);
    }
}

/// <summary>Outcomes that tests use.</summary>
internal static class Outcomes
{
    public static Outcome Sent { get; } = new() { Kind = OutcomeKind.Sent, ProviderId = "id-1" };

    public static Outcome Of(OutcomeKind kind, string reason = "test", string? address = null) => new() { Kind = kind, Reason = reason, Address = address };

    /// <summary>An answer that speaks of the recipient.</summary>
    public static Outcome OfRecipient(OutcomeKind kind, string reason = "test", string? address = null) =>
        Of(kind, reason, address) with { SpeaksOf = SpeaksOf.Recipient, Answered = true };

    /// <summary>No answer at all, or one that speaks of the channel.</summary>
    public static Outcome OfChannel(OutcomeKind kind, string reason = "connect") => Of(kind, reason) with { SpeaksOf = SpeaksOf.Channel };
}
