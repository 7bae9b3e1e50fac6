using System.Collections.Immutable;
using OrleansNotify.RateLimiting;

namespace OrleansNotify.Users;

/// <summary>The message as it stands after a decision, with the decision in its timeline.</summary>
internal static class Transition
{
    /// <summary>How soon a running attempt, and how late a waiting message, is looked at.</summary>
    private static readonly TimeSpan AttemptLook = TimeSpan.FromSeconds(10), LaneLook = TimeSpan.FromHours(1);

    private static readonly TimeSpan SameMoment = TimeSpan.FromSeconds(1);

    /// <summary>How late one that waits for a pause is looked at: an owner may have lifted it.</summary>
    private static readonly TimeSpan LiftLook = TimeSpan.FromSeconds(30);

    public static Message Hold(Message message, Next.Hold hold, Situation at)
    {
        var quiet = hold.Reason == Reasons.QuietHours;
        var life = quiet && !message.HeldByQuietHours ? Later(message.LifeEnds, hold.Until + Decision.LifeOf(message.Priority)) : message.LifeEnds;
        var unrenderable = at.Renderable ? (DateTimeOffset?)null : message.UnrenderableSince ?? at.Now;
        var forChat = hold.Status == MessageStatus.Waiting;
        var until = hold.MayBeLifted ? Earlier(hold.Until, at.Now + LiftLook) : hold.Until;
        var held = message with
        {
            Status = hold.Status,
            Plan = hold.Plan,
            LookAt = Earlier(until, Earlier(life, Expiry(message, at))),
            DeliverAt = hold.DeliverAt,
            LifeEnds = life,
            HeldByQuietHours = message.HeldByQuietHours || quiet,
            UnrenderableSince = unrenderable,
            WaitsForChat = forChat,
        };
        MessageEvent told = new()
        {
            At = at.Now,
            Type = hold.Status switch
            {
                MessageStatus.Deferred => MessageEventType.Deferred,
                MessageStatus.Waiting => MessageEventType.Waiting,
                _ => MessageEventType.Retry,
            },
            Channel = hold.Plan.IsEmpty ? null : hold.Plan[0],
            Detail = hold.Reason,
            Until = hold.DeliverAt ?? hold.Until,
        };
        if (message.Status != hold.Status || message.WaitsForChat != forChat || !SaysTheSame(message.Events[^1], told)) return held.With(told);
        // What goes on waiting for the same says so once; and is not written anew where it is looked at in time.
        return IsSameMoment(message.LookAt, held.LookAt) && message.LookAt > at.Now && message.UnrenderableSince == unrenderable ? message : held;
    }

    private static bool SaysTheSame(MessageEvent last, MessageEvent next) =>
        last.Type == next.Type && last.Channel == next.Channel && last.Detail == next.Detail
        && (next.Type != MessageEventType.Deferred || IsSameMoment(last.Until!.Value, next.Until!.Value));

    private static bool IsSameMoment(DateTimeOffset a, DateTimeOffset b) => (a - b).Duration() < SameMoment;

    /// <summary>Puts it into the lane of the first channel of its plan; one that comes back to its lane keeps its place.</summary>
    public static Message Queue(Message message, ImmutableArray<Channel> plan, Situation at, bool back = false)
    {
        var queued = Toward(message, plan, at) with
        {
            Status = MessageStatus.Waiting,
            WaitsForChat = false,
            Channel = plan[0],
            LaneScore = back ? message.LaneScore : LaneOrder.ScoreOf(at.Now, message.Urgent),
            LookAt = LaneLookAt(message, at),
        };
        var obstacle = at.View(plan[0], message.Urgent).Obstacle;
        MessageEvent told = new() { At = at.Now, Type = MessageEventType.Waiting, Channel = plan[0], Detail = obstacle?.Reason, Until = obstacle?.Until };
        return back ? queued : queued.With(told);
    }

    /// <summary>When somebody makes sure that a waiting message is still in its lane.</summary>
    public static DateTimeOffset LaneLookAt(Message message, Situation at) =>
        Earlier(at.Now + LaneLook, Earlier(message.LifeEnds, Expiry(message, at)));

    public static Message Begin(Message message, ImmutableArray<Channel> plan, string silo, TimeSpan hardEnd, Situation at) =>
        Toward(message, plan, at) with
        {
            Status = MessageStatus.Sending,
            WaitsForChat = false,
            Channel = plan[0],
            LookAt = at.Now + AttemptLook,
            AttemptsBegun = message.AttemptsBegun + 1,
            UnrenderableSince = null,
            Running = new Attempt
            {
                Number = message.AttemptsBegun + 1,
                Channel = plan[0],
                Silo = silo,
                BeganAt = at.Now,
                HardEnd = at.Now + hardEnd,
            },
        };

    /// <summary>An attempt that was begun and did not happen.</summary>
    public static Message Withdraw(Message message) => message with { Running = null };

    /// <summary>An attempt that goes on: somebody looks again.</summary>
    public static Message LookAgain(Message message, Situation at) => message with { LookAt = at.Now + AttemptLook };

    public static Message End(Message message, Next.End end, Situation at) => (message with
    {
        Status = end.Status,
        Reason = end.Reason,
        SettledAt = at.Now,
        Running = null,
        Letters = end.Status == MessageStatus.DeadLettered ? message.Letters + 1 : message.Letters,
    }).With(new MessageEvent
    {
        At = at.Now,
        Type = end.Status switch
        {
            MessageStatus.Sent => MessageEventType.Sent,
            MessageStatus.DeadLettered => MessageEventType.DeadLettered,
            MessageStatus.Cancelled => MessageEventType.Cancelled,
            MessageStatus.Expired => MessageEventType.Expired,
            _ => MessageEventType.Skipped,
        },
        Channel = end.Status == MessageStatus.Sent ? message.Channel : null,
        Detail = end.Reason,
    });

    /// <summary>The trace of a request that made no message: without its variables, for nothing of it will be sent.</summary>
    public static Message Skip(Message request, string reason, DateTimeOffset now) => request with
    {
        Vars = TemplateVars.Empty,
        Status = MessageStatus.Skipped,
        Reason = reason,
        SettledAt = now,
        Events = [new MessageEvent { At = now, Type = MessageEventType.Skipped, Detail = reason }],
    };

    /// <summary>The message of a dead letter, as if it had just been accepted; what happened to it stays in its timeline.</summary>
    public static Message Redrive(Message letter, string by, bool bulk, DateTimeOffset now) => (letter with
    {
        Status = MessageStatus.Waiting,
        Channel = null,
        LanePriority = bulk ? Priority.Campaign : letter.Priority,
        Urgent = false,
        LookAt = now,
        LifeEnds = now + Decision.LifeOf(letter.Priority),
        HeldByQuietHours = false,
        WaitsForChat = false,
        DeliverAt = null,
        Tallies = [],
        RejectedDevices = [],
        SilosLost = 0,
        Moved = false,
        UnrenderableSince = null,
        LastReason = null,
        Reason = null,
        SettledAt = null,
    }).With(new MessageEvent { At = now, Type = MessageEventType.Redriven, Detail = by });

    /// <summary>The message of a dead letter that was taken away, for the history.</summary>
    public static Message Discard(Message letter, string by, DateTimeOffset now) =>
        (letter with { SettledAt = now }).With(new MessageEvent { At = now, Type = MessageEventType.Discarded, Detail = by });

    private static Message Toward(Message message, ImmutableArray<Channel> plan, Situation at) =>
        !message.Tallies.IsEmpty && message.Channel is { } last && last != plan[0]
            ? (message with { Plan = plan }).With(new MessageEvent { At = at.Now, Type = MessageEventType.Fallback, Channel = plan[0] })
            : message with { Plan = plan };

    private static DateTimeOffset Expiry(Message message, Situation at) =>
        message.ExpiresAt is { } expires ? at.ToStoreTime(expires) : DateTimeOffset.MaxValue;

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
