using OrleansNotify.Storage;
using OrleansNotify.Users;

namespace OrleansNotify.Campaigns;

/// <summary>The one state of each recipient, as the campaign's records have it; the counts are of these words.</summary>
internal static class RecipientState
{
    /// <summary>Nothing was made for the recipient yet.</summary>
    public const string New = "new";

    /// <summary>Quiet hours hold the recipient; there is no message yet.</summary>
    public const string Held = "held";

    public const string Waiting = "waiting", Deferred = "deferred", Retrying = "retrying", DeadLettered = "dead_lettered", Cancelled = "cancelled",
        Expired = "expired";

    /// <summary>What follows these says more: the channel, or the reason.</summary>
    public const string Sent = "sent:", Skipped = "skipped:";

    private static readonly string[] Words = [New, Held, Waiting, Deferred, Retrying, DeadLettered, Cancelled, Expired, Sent, Skipped];

    /// <summary>A state as people see it.</summary>
    /// <param name="state">The state.</param>
    /// <param name="end">What one without a message counts as; null while messages are made.</param>
    public static CampaignRecipientState Shown(string state, CampaignRecipientState? end) => state switch
    {
        New => end ?? CampaignRecipientState.Waiting,
        Held => end ?? CampaignRecipientState.Deferred,
        Waiting => CampaignRecipientState.Waiting,
        Deferred => CampaignRecipientState.Deferred,
        Retrying => CampaignRecipientState.Retrying,
        DeadLettered => CampaignRecipientState.DeadLettered,
        Cancelled => CampaignRecipientState.Cancelled,
        Expired => CampaignRecipientState.Expired,
        _ => state.StartsWith(Sent, StringComparison.Ordinal) ? CampaignRecipientState.Sent : CampaignRecipientState.Skipped,
    };

    /// <summary>The states that people see as this one, and the beginnings of such.</summary>
    public static IEnumerable<string> WordsOf(CampaignRecipientState state, CampaignRecipientState? end) => Words.Where(word => Shown(word, end) == state);

    /// <summary>Whether there surely was a message to a recipient in this state: some are skipped, and some expire, without one.</summary>
    public static bool HasMessage(string state) =>
        state is Waiting or Deferred or Retrying or DeadLettered or Cancelled || state.StartsWith(Sent, StringComparison.Ordinal);

    /// <summary>Whether nothing more happens by itself to a recipient in this state.</summary>
    public static bool IsSettled(string state) => state is not (New or Held or Waiting or Deferred or Retrying);

    /// <summary>The state of the recipient of a message.</summary>
    public static string Of(Message message) => message.Status switch
    {
        MessageStatus.Waiting or MessageStatus.Sending => Waiting,
        MessageStatus.Deferred => Deferred,
        MessageStatus.Retrying => Retrying,
        MessageStatus.Sent => Sent + Keys.Name(message.Channel!.Value),
        MessageStatus.DeadLettered => DeadLettered,
        MessageStatus.Cancelled => Cancelled,
        MessageStatus.Expired => Expired,
        _ => SkippedFor(message.Reason!),
    };

    /// <summary>The state of a recipient who is skipped.</summary>
    public static string SkippedFor(string reason) => reason == Reasons.ExpiresBeforeDelivery ? Expired : Skipped + reason;
}
