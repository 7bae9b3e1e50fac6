using System.Collections.Immutable;
using OrleansNotify.RateLimiting;

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
        if (at.Profile.Erasing) return new Next.End(MessageStatus.Cancelled, "user_erased");
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
        var ordered = plan.Select(channel => Standing.Of(message, channel, at, HasOther(message, channel, plan, at))).OrderBy(each => each.SetBack).ToList();
        ImmutableArray<Channel> channels = [.. ordered.Select(each => each.Channel)];
        var first = ordered[0];
        if (first.Wait is { } wait) return new Next.Hold(wait.Until, MessageStatus.Retrying, wait.Reason, channels) { MayBeLifted = first.MayBeLifted };
        if (first.Channel != Channel.Telegram || at.ChatMoment() is not { } moment) return new Next.Ready(channels);
        // Who waits behind another in the chat waits for what that one waits for.
        var obstacle = at.View(first.Channel, message.Urgent).Obstacle;
        return new Next.Hold(moment, MessageStatus.Waiting, obstacle?.Reason ?? Reasons.ChatLimit, channels) { MayBeLifted = obstacle?.Reason is Reasons.AddressPaused or Reasons.ChannelPaused };
    }

    /// <summary>Whether the plan has another channel that is neither open nor busy for this message.</summary>
    public static bool HasOther(Message message, Channel channel, ImmutableArray<Channel> plan, Situation at) =>
        plan.Any(other => other != channel && !message.TallyOf(other).IsBusy && !at.View(other, message.Urgent).IsOpen);

    /// <summary>How a channel stands for a message: what has to be waited for before it can be used, and how far back that puts it in the plan.</summary>
    private readonly record struct Standing(Channel Channel, Obstacle? Wait, TimeSpan SetBack, bool MayBeLifted)
    {
        public static Standing Of(Message message, Channel channel, Situation at, bool hasOther)
        {
            var (view, tally) = (at.View(channel, message.Urgent), message.TallyOf(channel));
            var own = tally.WaitAt(at.Now, view.Lifts) is { } until ? new Obstacle(tally.Reason ?? message.LastReason ?? "", until) : null;
            var ofView = view.NotBefore is { } closed ? new Obstacle(view.Obstacle!.Reason, closed) : null;
            var wait = ofView is null || own?.Until >= ofView.Until ? own : ofView;
            var left = (wait?.Until ?? at.Now) - at.Now;
            var isBehind = view.IsPassedOver || (hasOther && (tally.SetBack || left > LongWait || (tally.IsBusy && message.Urgent && own is not null)));
            return new Standing(
                channel, wait, isBehind ? left + LongWait : TimeSpan.Zero,
                wait == own ? tally.IsBusy && channel != Channel.Email : wait!.Reason != Reasons.CircuitOpen);
        }
    }
}
