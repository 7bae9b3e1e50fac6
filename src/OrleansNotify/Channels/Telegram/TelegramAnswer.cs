using OrleansNotify.Channels.Http;
using OrleansNotify.Delivery;
using Telegram.Bot.Types;

namespace OrleansNotify.Channels.Telegram;

/// <summary>What an error of the Bot API means for the message, and whom it speaks of. All of them are tabled in docs/reference.md.</summary>
internal static class TelegramAnswer
{
    /// <summary>Reads an error that came as the Bot API's own JSON. Without it, as from a proxy on the way, nobody's address is at fault.</summary>
    /// <param name="code">Its <c>error_code</c>.</param>
    /// <param name="description">Its <c>description</c>.</param>
    /// <param name="parameters">Its <c>parameters</c>.</param>
    /// <param name="header">Its <c>Retry-After</c>, which says the same where there are no parameters.</param>
    /// <param name="secret">The bot's token, which never goes into a detail.</param>
    public static Outcome Read(int code, string description, ResponseParameters? parameters, TimeSpan? header, string secret)
    {
        var wait = parameters?.RetryAfter is { } seconds ? RetryAfter.Seconds(seconds) : header;
        var outcome = code switch
        {
            400 when parameters?.MigrateToChatId is { } moved => Moved(moved),
            400 when TelegramErrors.BadRequest(description) is { } known => Listed(known),
            403 => Listed(TelegramErrors.Forbidden(description)),
            401 or 404 => Listed((OutcomeKind.ChannelFault, $"{code}")),
            _ => Other(code, wait),
        };
        return outcome with { Detail = ProviderText.Clean($"{code} {description}", secret), Answered = true };
    }

    /// <summary>Reads an answer that is not the Bot API's JSON: a page of a proxy, or something garbled.</summary>
    /// <param name="status">Its HTTP status.</param>
    /// <param name="timedOut">Whether the hard end came while it was being read; then it may have been the Bot API's after all.</param>
    /// <param name="header">Its <c>Retry-After</c>.</param>
    public static Outcome Read(int status, bool timedOut, TimeSpan? header)
    {
        var outcome = status switch
        {
            _ when timedOut => Of(OutcomeKind.Unknown, "timeout", SpeaksOf.Either),
            // It was taken over, it seems; without the message's id nothing is certain, and a repeat is marked as one.
            >= 200 and < 300 => Of(OutcomeKind.Unknown, "unreadable", SpeaksOf.Either),
            _ => Other(status, header),
        };
        return outcome with { Detail = $"HTTP {status}", Answered = !timedOut };
    }

    private static Outcome Moved(long chat) =>
        Of(OutcomeKind.Busy, "migrated", SpeaksOf.Recipient) with { RetryAfter = TimeSpan.Zero, NewChatId = TelegramChatId.Format(chat) };

    private static Outcome Listed((OutcomeKind Kind, string Reason) known) =>
        Of(known.Kind, known.Reason, known.Kind == OutcomeKind.ChannelFault ? SpeaksOf.Channel : SpeaksOf.Recipient);

    private static Outcome Other(int status, TimeSpan? wait) => status switch
    {
        429 => Of(OutcomeKind.Busy, "429", SpeaksOf.Either) with { RetryAfter = wait },
        >= 500 when wait is not null => Of(OutcomeKind.Busy, "5xx", SpeaksOf.Channel) with { RetryAfter = wait },
        >= 500 => Of(OutcomeKind.Retry, "5xx", SpeaksOf.Channel),
        _ => Of(OutcomeKind.Retry, "unlisted", SpeaksOf.Either),
    };

    private static Outcome Of(OutcomeKind kind, string reason, SpeaksOf speaksOf) => new() { Kind = kind, Reason = reason, SpeaksOf = speaksOf };
}
