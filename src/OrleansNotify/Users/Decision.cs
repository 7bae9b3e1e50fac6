using System.Collections.Immutable;

namespace OrleansNotify.Users;

/// <summary>Says what follows for a message, whatever has just happened to it: at accept, at a wake, at its turn, after an attempt.</summary>
internal static class Decision
{
    /// <summary>A wait longer than this lets the plan's other channels go first.</summary>
    public static readonly TimeSpan LongWait = TimeSpan.FromSeconds(30);

    /// <summary>How long a message that cannot be rendered is put back, and how long that goes on.</summary>
    public static readonly TimeSpan PutBack = TimeSpan.FromMinutes(1), PutBackAtMost = TimeSpan.FromMinutes(15);

    /// <summary>How long a message may wait after it might first be sent.</summary>
    public static TimeSpan LifeOf(Priority priority) => TimeSpan.FromHours(priority == Priority.Campaign ? 72 : 24);

    public static Next For(Message message, Situation at)
    {
        if (at.Campaign == CampaignStatus.Cancelled) return new Next.End(MessageStatus.Cancelled, "campaign_cancelled");
        if (at.Campaign is not null and not CampaignStatus.Running && message.Tallies.IsEmpty) return new Next.HandBack();
        if (message.ExpiresAt <= at.WallNow) return new Next.End(MessageStatus.Expired, "expires_at");
        if (message.LifeEnds <= at.Now) return new Next.End(MessageStatus.DeadLettered, Reasons.TooOld);
        if (!at.Renderable)
        {
            return message.UnrenderableSince + PutBackAtMost <= at.Now
                ? new Next.End(MessageStatus.DeadLettered, Reasons.TemplateChanged)
                : new Next.Hold(at.Now + PutBack, MessageStatus.Retrying, "template_missing", message.Plan);
        }

        var (plan, obstacle) = PlanOf(message, at);
        if (plan.IsEmpty) return Exhausted(message, obstacle);
        return Held(message, at, plan) ?? Turn(message, at, plan);
    }

    /// <summary>The channels that are left, in order; where there is none, why.</summary>
    public static (ImmutableArray<Channel> Plan, string? Obstacle) PlanOf(Message message, Situation at)
    {
        if (Gates.SkipReason(message, at) is { } reason) return ([], reason);
        return Users.Plan.Make(message, at);
    }

    private static Next.End Exhausted(Message message, string? obstacle) => message.Tallies.IsEmpty
        ? new Next.End(MessageStatus.Skipped, obstacle)
        : new Next.End(MessageStatus.DeadLettered, obstacle ?? message.LastReason ?? Reasons.PlanExhausted);

    /// <summary>Until when, by the wall clock, a message is held by its own <c>send_at</c>, and by the quiet hours that it then runs into.</summary>
    public static (DateTimeOffset? SendAt, DateTimeOffset? QuietHours) HeldUntil(Message message, Situation at)
    {
        var sendAt = message.SendAt > at.WallNow ? message.SendAt : null;
        var preferences = at.Profile.Preferences;
        var passes = at.Template!.Manifest.Urgent && preferences.UrgentDuringQuietHours;
        return (sendAt, passes ? null : QuietWindow.EndsAt(preferences.QuietHours, sendAt ?? at.WallNow));
    }

    private static Next.Hold? Held(Message message, Situation at, ImmutableArray<Channel> plan) => HeldUntil(message, at) switch
    {
        { QuietHours: { } end } => new Next.Hold(at.ToStoreTime(end), MessageStatus.Deferred, Reasons.QuietHours, plan, end),
        { SendAt: { } sendAt } => new Next.Hold(at.ToStoreTime(sendAt), MessageStatus.Deferred, Reasons.SendAt, plan, sendAt),
        _ => null,
    };

    private static Next Turn(Message message, Situation at, ImmutableArray<Channel> plan)
    {
        var ordered = plan.Select(Standing).OrderBy(each => each.SetBack).ToList();
        ImmutableArray<Channel> channels = [.. ordered.Select(each => each.Channel)];
        var wait = ordered[0].Wait;
        if (wait <= TimeSpan.Zero)
        {
            return channels[0] == Channel.Telegram && at.ChatMoment() is { } moment
                ? new Next.Hold(moment, MessageStatus.Waiting, Reasons.ChatLimit, channels)
                : new Next.Ready(channels);
        }

        return at.Now + wait >= message.LifeEnds
            ? new Next.End(MessageStatus.DeadLettered, Reasons.TooOld)
            : new Next.Hold(at.Now + wait, MessageStatus.Retrying, message.LastReason ?? "circuit_open", channels);

        // What the channel itself is waited for; and how far back it stands, where the wait for a chat counts as well.
        (Channel Channel, TimeSpan Wait, TimeSpan SetBack) Standing(Channel channel)
        {
            var view = at.View(channel, message.Urgent);
            var wait = Latest(message.TallyOf(channel).NotBefore, view.NotBefore) - at.Now;
            var whole = channel == Channel.Telegram ? Latest(at.ChatFreeAt, at.Now + wait) - at.Now : wait;
            return (channel, wait, view.IsPassedOver || whole > LongWait ? whole + LongWait : TimeSpan.Zero);
        }

        DateTimeOffset Latest(DateTimeOffset? a, DateTimeOffset? b)
        {
            var (first, second) = (a ?? at.Now, b ?? at.Now);
            return first > second ? first : second;
        }
    }
}
