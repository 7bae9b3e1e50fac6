namespace OrleansNotify.Users;

/// <summary>What truly holds a message at this moment, as one of the documented words: for its timeline, and to explain a request.</summary>
internal static class Holding
{
    /// <param name="message">The message.</param>
    /// <param name="next">What follows for it now.</param>
    /// <param name="at">What that was decided from.</param>
    /// <returns>Null where nothing holds it: it is being sent, or has ended.</returns>
    public static MessageHold? Of(Message message, Next next, Situation at)
    {
        if (message.Running is not null) return null;
        return next switch
        {
            Next.Hold { Status: MessageStatus.Deferred } hold => new MessageHold { Reason = hold.Reason, Until = hold.DeliverAt },
            Next.Hold { Status: MessageStatus.Retrying } hold => On(hold.Plan, hold.Reason, hold.Until),
            Next.Hold hold => OfChannel(hold.Plan) ?? On(hold.Plan, hold.Reason, hold.Until),
            Next.Ready ready => OfChannel(ready.Plan) ?? On(ready.Plan, Reasons.Turn, null),
            Next.HandBack => new MessageHold { Reason = Reasons.CampaignPaused },
            _ => null,
        };

        MessageHold? OfChannel(IReadOnlyList<Channel> plan) =>
            at.View(plan[0], message.Urgent).Obstacle is { } obstacle ? On(plan, obstacle.Reason, obstacle.Until) : null;

        static MessageHold On(IReadOnlyList<Channel> plan, string reason, DateTimeOffset? until) =>
            new() { Reason = reason, Channel = plan.Count > 0 ? plan[0] : null, Until = until };
    }
}
