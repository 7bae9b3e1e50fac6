using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansNotify.Host.Api.Users;

/// <summary>What may be set of a user. What GET answers beside that is taken as well, and ignored.</summary>
internal sealed record UserBody
{
    /// <inheritdoc cref="UserUpdate.Email"/>
    public string? Email { get; init; }

    /// <summary>The Telegram chat's id, as a number or as its digits; negative for groups.</summary>
    public ChatNumber? TelegramChatId { get; init; }

    /// <inheritdoc cref="UserUpdate.Locale"/>
    public string? Locale { get; init; }

    /// <summary>Not changed by this route: ignored.</summary>
    public JsonElement? Disabled { get; init; }

    /// <summary>Not changed by this route: ignored.</summary>
    public JsonElement? PushSubscriptions { get; init; }

    public static UserBody Of(UserView view) => new()
    {
        Email = view.Email,
        TelegramChatId = view.TelegramChatId is { } chat ? new ChatNumber(chat) : null,
        Locale = view.Locale,
    };

    public UserUpdate Update() => new() { Email = Email, TelegramChatId = TelegramChatId?.Digits, Locale = Locale };
}

/// <summary>A Telegram chat's id. Programs hold it as a number, and it may have more digits than a floating-point number keeps.</summary>
[JsonConverter(typeof(Converter))]
internal readonly record struct ChatNumber(string Digits)
{
    private sealed class Converter : JsonConverter<ChatNumber>
    {
        public override ChatNumber Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
        {
            JsonTokenType.String => new(reader.GetString()!),
            // As it is written: 1e5 and 1.0 are refused like any text that is no id.
            JsonTokenType.Number => new(JsonElement.ParseValue(ref reader).GetRawText()),
            _ => throw new JsonException("Neither a number nor its digits."),
        };

        public override void Write(Utf8JsonWriter writer, ChatNumber value, JsonSerializerOptions options) => writer.WriteStringValue(value.Digits);
    }
}
