using OrleansNotify.Delivery;

namespace OrleansNotify.Channels.Telegram;

/// <summary>
/// The descriptions of the Bot API's 400 and 403, in its own words and in the constants of the servers behind it, which it passes on. 400 covers
/// what the text, the chat, its members and our account can be at fault for; only the description tells them apart.
/// </summary>
internal static class TelegramErrors
{
    // The first part that a description holds decides: so the text comes before the chat, and a chat that is unknown before one that is closed.
    private static readonly (OutcomeKind Kind, string Reason, string[] Parts)[] Known =
    [
        (OutcomeKind.ChannelFault, "frozen", ["FROZEN"]),
        (OutcomeKind.ChannelFault, "logged_out", ["logged out"]),
        (OutcomeKind.Rejected, "cant_parse", ["can't parse entities", "can't parse message", "ENTITY_"]),
        (OutcomeKind.Rejected, "too_long", ["too long", "TOO_LONG"]),
        (OutcomeKind.Rejected, "empty", ["text is empty", "must be non-empty", "MESSAGE_EMPTY"]),
        (OutcomeKind.Rejected, "encoding", ["encoded in UTF-8"]),
        (OutcomeKind.Rejected, "url", ["HTTP URL", "URL_INVALID"]),

        // This bot does not know the chat. Where it knows none of them, it is the bot that is another one.
        (OutcomeKind.Refused, "chat_not_found",
            ["chat not found", "user not found", "PEER_ID_INVALID", "CHAT_ID_INVALID", "USER_ID_INVALID", "CHANNEL_INVALID"]),
        (OutcomeKind.Rejected, "rights",
            ["rights", "write access", "_FORBIDDEN", "ADMIN_REQUIRED", "RESTRICTED", "BANNED", "PAYMENT_REQUIRED", "PREMIUM_REQUIRED"]),
        (OutcomeKind.Rejected, "topic", ["topic", "thread"]),
    ];

    // Whatever else names one of these is about the chat, in words that are not known yet.
    private static readonly string[] Chat = ["chat", "group", "channel", "user", "peer", "messages to bot", "messages to the bot"];

    private static readonly (string Part, string Reason)[] Gone =
        [("blocked", "blocked"), ("deactivated", "deactivated"), ("kicked", "kicked"), ("not a member", "not_a_member"), ("deleted", "deleted")];

    /// <summary>What a 400 means; null where it is in no list.</summary>
    public static (OutcomeKind Kind, string Reason)? BadRequest(string description) =>
        Find(description) ?? (Has(description, Chat) ? (OutcomeKind.Rejected, "chat") : null);

    /// <summary>What a 403 means: nothing of this bot is wanted there any more, unless it is said that it is the bot that is out, or that only the rights or the topic are missing.</summary>
    public static (OutcomeKind Kind, string Reason) Forbidden(string description) => Find(description) switch
    {
        { } known when known.Kind == OutcomeKind.ChannelFault || known.Reason is "rights" or "topic" => known,
        _ => (OutcomeKind.AddressGone, Array.Find(Gone, each => Has(description, each.Part)).Reason ?? "forbidden"),
    };

    private static (OutcomeKind Kind, string Reason)? Find(string description)
    {
        var known = Array.Find(Known, each => Has(description, each.Parts));
        return known.Parts is null ? null : (known.Kind, known.Reason);
    }

    private static bool Has(string description, params ReadOnlySpan<string> parts)
    {
        foreach (var part in parts)
        {
            if (description.Contains(part, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }
}
