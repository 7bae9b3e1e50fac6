using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrleansNotify.Sandbox.Telegram;

/// <summary>An error of the Bot API.</summary>
internal sealed record BotError(int Code, string Description)
{
    public static BotError ChatNotFound { get; } = new(400, "Bad Request: chat not found");
    public static BotError Blocked { get; } = new(403, "Forbidden: bot was blocked by the user");

    public int? RetryAfter { get; init; }
    public long? MigrateToChatId { get; init; }

    /// <summary>The error that the real one answers most often with this status.</summary>
    public static BotError Usual(int status, int? retryAfter) => status switch
    {
        400 => ChatNotFound,
        401 => new(401, "Unauthorized"),
        403 => Blocked,
        404 => new(404, "Not Found"),
        429 => new(429, $"Too Many Requests: retry after {retryAfter ?? 1}") { RetryAfter = retryAfter ?? 1 },
        502 => new(502, "Bad Gateway"),
        _ => new(status, status >= 500 ? "Internal Server Error" : "Bad Request"),
    };

    /// <summary>The answer's body.</summary>
    public byte[] ToJson()
    {
        JsonObject parameters = [];
        if (RetryAfter is { } seconds) parameters["retry_after"] = seconds;
        if (MigrateToChatId is { } moved) parameters["migrate_to_chat_id"] = moved;
        JsonObject body = new() { ["ok"] = false, ["error_code"] = Code, ["description"] = Description };
        if (parameters.Count > 0) body["parameters"] = parameters;
        return JsonSerializer.SerializeToUtf8Bytes(body);
    }
}
