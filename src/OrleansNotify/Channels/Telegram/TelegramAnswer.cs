using OrleansNotify.Delivery;
using Telegram.Bot.Types;

namespace OrleansNotify.Channels.Telegram;

/// <summary>What an error of the Bot API means for the message.</summary>
internal static class TelegramAnswer
{
    // 400 covers what the text, the chat and the rights of the bot can be at fault for; only its description tells them apart.
    private static readonly (string Part, OutcomeKind Kind, string Reason)[] BadRequests =
    [
        ("chat not found", OutcomeKind.AddressGone, "chat_not_found"),
        ("can't parse entities", OutcomeKind.Rejected, "cant_parse"),
        ("is too long", OutcomeKind.Rejected, "too_long"),
        ("text is empty", OutcomeKind.Rejected, "empty"),
        ("text must be non-empty", OutcomeKind.Rejected, "empty"),
    ];

    private static readonly (string Part, string Reason)[] Forbidden =
        [("blocked", "blocked"), ("deactivated", "deactivated"), ("kicked", "kicked"), ("not a member", "not_a_member"), ("deleted", "deleted")];

    /// <summary>Reads an error that came as the Bot API's own JSON. Without it, as from a proxy on the way, nobody's address is at fault.</summary>
    /// <param name="code">Its <c>error_code</c>.</param>
    /// <param name="description">Its <c>description</c>.</param>
    /// <param name="parameters">Its <c>parameters</c>.</param>
    /// <param name="secret">The bot's token, which never goes into a detail.</param>
    public static Outcome Read(int code, string description, ResponseParameters? parameters, string secret)
    {
        var detail = ProviderText.Clean($"{code} {description}", secret);
        return (code switch
        {
            429 => Busy("429", parameters?.RetryAfter),
            400 when parameters?.MigrateToChatId is { } moved => Busy("migrated", 0) with { NewChatId = TelegramChatId.Format(moved) },
            400 => BadRequest(description),
            401 or 404 => Of(OutcomeKind.ChannelFault, $"{code}"),
            403 => Of(OutcomeKind.AddressGone, Array.Find(Forbidden, each => Has(description, each.Part)).Reason ?? "forbidden"),
            _ => Unlisted(code),
        }) with
        { Detail = detail };
    }

    /// <summary>Reads an answer that is not the Bot API's JSON: a page of a proxy, or something garbled.</summary>
    /// <param name="status">Its HTTP status.</param>
    /// <param name="timedOut">Whether the hard end came while it was being read; then it may have been the Bot API's after all.</param>
    public static Outcome Read(int status, bool timedOut) => (status switch
    {
        _ when timedOut => Of(OutcomeKind.Unknown, "timeout"),
        429 => Busy("429", null),
        _ => Unlisted(status),
    }) with
    { Detail = $"HTTP {status}" };

    private static Outcome BadRequest(string description)
    {
        var known = Array.Find(BadRequests, each => Has(description, each.Part));
        return known.Part is null ? Unlisted(400) : Of(known.Kind, known.Reason);
    }

    private static Outcome Busy(string reason, int? seconds) =>
        Of(OutcomeKind.Busy, reason) with { RetryAfter = seconds is { } given ? TimeSpan.FromSeconds(Math.Max(given, 0)) : null };

    private static Outcome Unlisted(int code) => Of(OutcomeKind.Retry, code >= 500 ? "5xx" : "unlisted");

    private static Outcome Of(OutcomeKind kind, string reason) => new() { Kind = kind, Reason = reason };

    private static bool Has(string description, string part) => description.Contains(part, StringComparison.OrdinalIgnoreCase);
}
