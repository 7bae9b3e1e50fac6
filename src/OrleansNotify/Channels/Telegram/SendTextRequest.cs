using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansNotify.Channels.Http;
using Telegram.Bot;
using Telegram.Bot.Requests;
using Telegram.Bot.Types;
using Telegram.Bot.Types.Enums;

namespace OrleansNotify.Channels.Telegram;

/// <summary>
/// A <c>sendMessage</c> whose body passes a gate, and of whose answer only the message's id is read: a message that was sent counts as sent
/// whatever new fields its description has.
/// </summary>
internal sealed class SendTextRequest(long chat, string text, TurnGate gate) : RequestBase<SentText>("sendMessage")
{
    /// <summary>The body, once the request is being sent.</summary>
    public GatedContent? Body { get; private set; }

    /// <summary>How long the answer's header asks to wait.</summary>
    public TimeSpan? RetryAfter { get; set; }

    public override HttpContent ToHttpContent()
    {
        SendMessageRequest message = new()
        {
            ChatId = chat,
            Text = text,
            ParseMode = ParseMode.MarkdownV2,
            LinkPreviewOptions = new LinkPreviewOptions { IsDisabled = true },
        };
        return Body = new GatedContent(JsonSerializer.SerializeToUtf8Bytes(message, JsonBotAPI.Options), "application/json", gate);
    }
}

/// <summary>What is read of a sent message.</summary>
internal sealed record SentText
{
    [JsonPropertyName("message_id"), JsonRequired]
    public long MessageId { get; init; }
}
