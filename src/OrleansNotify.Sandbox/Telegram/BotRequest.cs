using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace OrleansNotify.Sandbox.Telegram;

/// <summary>The arguments of a method, in whichever way they came: JSON, a form, or the query.</summary>
internal sealed record BotRequest(string ChatId, string Text, string ParseMode)
{
    /// <summary>Reads a request.</summary>
    /// <exception cref="JsonException">The body is not a JSON object.</exception>
    public static async Task<BotRequest> Read(HttpContext http)
    {
        if (http.Request.HasJsonContentType())
        {
            using var document = await JsonDocument.ParseAsync(http.Request.Body, default, http.RequestAborted);
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw new JsonException("The body is not an object.");
            return From(name => document.RootElement.TryGetProperty(name, out var value) ? value.ToString() : "");
        }

        if (!http.Request.HasFormContentType) return From(name => http.Request.Query[name].ToString());
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        return From(name => form[name].ToString());
    }

    private static BotRequest From(Func<string, string> argument) => new(argument("chat_id"), argument("text"), argument("parse_mode"));
}
