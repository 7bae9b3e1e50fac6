using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace OrleansNotify.Sandbox.Telegram;

/// <summary>The part of the Telegram Bot API that a sender uses, with its checks and its errors.</summary>
internal sealed class BotApi(string token, Inbox inbox, Faults faults, TelegramChats chats, bool countOnly, TimeProvider clock)
{
    private const int LongestText = 4096, LongestSource = 32_768;

    private int _lastMessage;

    /// <summary>Answers <c>/bot{token}/{method}</c>.</summary>
    public Task Answer(HttpContext http, string bot, string method)
    {
        if (!bot.StartsWith("bot", StringComparison.Ordinal)) return Fail(http, BotError.Usual(404, null));
        if (bot[3..] != token) return Fail(http, BotError.Usual(401, null));
        return method.ToUpperInvariant() switch
        {
            "SENDMESSAGE" => SendMessage(http),
            "GETME" => Succeed(http, Me()),
            _ => Fail(http, BotError.Usual(404, null)),
        };
    }

    private async Task SendMessage(HttpContext http)
    {
        BotRequest request;
        try
        {
            request = await BotRequest.Read(http);
        }
        catch (JsonException)
        {
            await Fail(http, new BotError(400, "Bad Request: can't parse JSON object"));
            return;
        }

        var fault = faults.Take(Receiver.Telegram, request.ChatId);
        if (!await fault.Before(http, clock, planned => Reply(http, planned))) return;
        var (error, text) = Check(request);
        if (error is not null)
        {
            await Fail(http, error);
            return;
        }

        var id = Interlocked.Increment(ref _lastMessage);
        inbox.Add(new DeliveredTelegram
        {
            To = request.ChatId,
            Text = request.Text,
            PlainText = text?.Plain ?? "",
            Html = text?.ToHtml() ?? "",
            MessageId = id,
        });
        if (fault.After(http)) await Succeed(http, Message(id, request, text));
    }

    // In the order of the real one: the text, the chat, then the length that is left without the markup.
    private (BotError? Error, FormattedText? Text) Check(BotRequest request)
    {
        if (countOnly) return (null, null);
        if (request.Text.Length == 0) return (new BotError(400, "Bad Request: message text is empty"), null);
        if (Encoding.UTF8.GetByteCount(request.Text) > LongestSource) return (new BotError(400, "Bad Request: text is too long"), null);
        FormattedText text;
        try
        {
            text = request.ParseMode.ToUpperInvariant() switch
            {
                "MARKDOWNV2" => MarkdownV2Reader.Read(request.Text),
                "" => new FormattedText(request.Text, []),
                _ => throw new FormatException(null),
            };
        }
        catch (FormatException fault)
        {
            return (new BotError(400, request.ParseMode.Equals("MarkdownV2", StringComparison.OrdinalIgnoreCase)
                ? $"Bad Request: can't parse entities: {fault.Message}"
                : "Bad Request: unsupported parse_mode"), null);
        }

        if (request.ChatId.Length == 0) return (new BotError(400, "Bad Request: chat_id is empty"), null);
        if (!long.TryParse(request.ChatId, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var chat) || chat == 0)
            return (BotError.ChatNotFound, null);
        if (chats.ErrorOf(request.ChatId) is { } closed) return (closed, null);
        if (string.IsNullOrWhiteSpace(text.Plain)) return (new BotError(400, "Bad Request: text must be non-empty"), null);
        return text.Plain.EnumerateRunes().Count() > LongestText ? (new BotError(400, "Bad Request: message is too long"), null) : (null, text);
    }

    private object Me() => new { id = BotId, is_bot = true, first_name = "Sandbox", username = "sandbox_bot" };

    private object Message(int id, BotRequest request, FormattedText? text) => new
    {
        message_id = id,
        from = Me(),
        chat = new { id = long.Parse(request.ChatId, CultureInfo.InvariantCulture), type = request.ChatId[0] == '-' ? "group" : "private" },
        date = clock.GetUtcNow().ToUnixTimeSeconds(),
        text = text?.Plain ?? request.Text,
    };

    private long BotId => long.Parse(token.AsSpan(0, token.IndexOf(':', StringComparison.Ordinal)), CultureInfo.InvariantCulture);

    private static Task Succeed(HttpContext http, object result) =>
        http.Answer(200, "application/json", JsonSerializer.SerializeToUtf8Bytes(new { ok = true, result }));

    private static Task Fail(HttpContext http, BotError error) => http.Answer(error.Code, "application/json", error.ToJson(), error.RetryAfter);

    private static Task Reply(HttpContext http, Fault fault) => fault.Text is { } text
        ? http.Answer(fault.Status, "application/json", Encoding.UTF8.GetBytes(text), fault.RetryAfter)
        : Fail(http, BotError.Usual(fault.Status, fault.RetryAfter));
}
