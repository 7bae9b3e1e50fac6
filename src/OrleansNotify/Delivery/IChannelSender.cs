using OrleansNotify.Users;

namespace OrleansNotify.Delivery;

/// <summary>Sends one attempt over one channel. Faults of the provider come back as outcomes; an exception is a bug of ours.</summary>
internal interface IChannelSender
{
    /// <summary>The channel.</summary>
    Channel Channel { get; }

    /// <summary>How long one attempt may take at the most: 30 s over HTTP, 120 s over SMTP.</summary>
    TimeSpan HardEnd { get; }

    /// <summary>
    /// Renders and sends. Stops, with an outcome, when <paramref name="hardEnd"/> is cancelled. If the request is not being written when
    /// <see cref="SendJob.Turn"/> is over, nothing is sent and the outcome is <see cref="OutcomeKind.Withdrawn"/>.
    /// </summary>
    Task<Outcome> Send(SendJob job, CancellationToken hardEnd);
}

/// <summary>What a sender needs to know of one attempt.</summary>
internal sealed record SendJob
{
    public required Guid MessageId { get; init; }
    public required string UserId { get; init; }

    /// <summary>The parsed template; has the part of the sender's channel.</summary>
    public required Templates.MessageTemplate Template { get; init; }

    public required TemplateVars Vars { get; init; }
    public required string Locale { get; init; }

    /// <summary>The user's addresses as they were at the begin.</summary>
    public required Addresses To { get; init; }

    /// <summary>How long the message may still live: a push's TTL.</summary>
    public required TimeSpan LifeLeft { get; init; }

    /// <summary>By when the request has to be under way.</summary>
    public Turn Turn { get; init; } = Turn.Unlimited;
}

/// <summary>The time in which an attempt's request must begin to be written, counted down on the silo's monotonic clock.</summary>
internal sealed class Turn
{
    private readonly TimeProvider? _clock;
    private readonly long _began;
    private readonly TimeSpan _left;

    private Turn()
    {
    }

    /// <summary>A turn that is over after <paramref name="left"/>, counted from now.</summary>
    public Turn(TimeProvider clock, TimeSpan left) : this(clock, left, clock.GetTimestamp())
    {
    }

    /// <summary>A turn that is over after <paramref name="left"/>, counted from an earlier timestamp of this clock.</summary>
    public Turn(TimeProvider clock, TimeSpan left, long began) => (_clock, _began, _left) = (clock, began, left);

    /// <summary>A turn on a channel without a limit.</summary>
    public static Turn Unlimited { get; } = new();

    /// <summary>What is left; never negative. <see cref="Timeout.InfiniteTimeSpan"/> on a channel without a limit.</summary>
    public TimeSpan Left
    {
        get
        {
            if (_clock is null) return Timeout.InfiniteTimeSpan;
            var left = _left - _clock.GetElapsedTime(_began);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Whether it is too late to begin to write.</summary>
    public bool IsOver => Left == TimeSpan.Zero;
}
