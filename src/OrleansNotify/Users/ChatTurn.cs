namespace OrleansNotify.Users;

/// <summary>
/// Telegram takes one message a second to a private chat and 20 a minute to a group. So of one chat at most one message of each priority lies
/// in the lane, urgent ones first; the others wait for one free moment after another.
/// </summary>
internal static class ChatTurn
{
    // 5 % more than Telegram asks, as with every limit: a send may be under way that much later than it began.
    private static readonly TimeSpan Private = TimeSpan.FromSeconds(1.05), Group = TimeSpan.FromSeconds(3.15);

    /// <summary>How long after one message the next may go to a chat: a user's id is a number, a group's a negative one or a name.</summary>
    public static TimeSpan SpacingOf(string chat) => char.IsAsciiDigit(chat[0]) ? Private : Group;

    /// <summary>The moment that a message has to wait for; null if it need not wait.</summary>
    /// <param name="message">The message.</param>
    /// <param name="outbox">The user's messages, this one perhaps among them.</param>
    /// <param name="chat">The chat.</param>
    /// <param name="free">When the chat may be written to next; null if now.</param>
    /// <param name="now">The store's time.</param>
    public static DateTimeOffset? MomentOf(Message message, IEnumerable<Message> outbox, string chat, DateTimeOffset? free, DateTimeOffset now)
    {
        var first = outbox.Where(other => other.Id != message.Id && GoesBefore(other, message)).ToList();
        var last = first.Where(other => other.WaitsForChat).Select(other => other.LookAt).DefaultIfEmpty().Max();
        var isTaken = first.Any(IsInLane);
        var from = free > now ? free.Value : now;
        if (!isTaken && from == now) return null;
        if (last >= from) return last + SpacingOf(chat);
        return isTaken ? from + SpacingOf(chat) : from;
    }

    /// <summary>The messages that have to make way in the lane for one that goes before them.</summary>
    public static IEnumerable<Message> Displaced(Message message, IEnumerable<Message> outbox) =>
        outbox.Where(other => other.Id != message.Id && other.LanePriority == message.LanePriority && IsInLane(other));

    private static bool GoesBefore(Message other, Message message) => other.LanePriority == message.LanePriority && (other.Urgent || !message.Urgent);

    private static bool IsInLane(Message message) => message.Lane?.Channel == Channel.Telegram;
}
