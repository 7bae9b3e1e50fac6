using System.Text;
using System.Text.Json;

namespace OrleansNotify.Templates;

/// <summary>The JSON that a browser's service worker shows: an object with a title and, mostly, a body.</summary>
internal static class PushPayload
{
    /// <summary>The same JSON without white space between its tokens, in UTF-8.</summary>
    /// <exception cref="JsonException">It is not JSON, not an object, or its title or body is not what it must be.</exception>
    public static byte[] Read(string text)
    {
        using var document = JsonDocument.Parse(text);
        if (document.RootElement.ValueKind != JsonValueKind.Object) throw new JsonException("A push is a JSON object.");
        if (!IsText(document.RootElement, "title")) throw new JsonException("A push needs a title, which is a text.");
        if (document.RootElement.TryGetProperty("body", out _) && !IsText(document.RootElement, "body"))
            throw new JsonException("The body of a push is a text.");
        return Encoding.UTF8.GetBytes(Compact(text));
    }

    // Written out by the serializer, an emoji would take twelve bytes instead of four.
    private static string Compact(string json)
    {
        var result = new StringBuilder(json.Length);
        var (inText, escaped) = (false, false);
        foreach (var c in json)
        {
            if (inText || c is not (' ' or '\t' or '\n' or '\r')) result.Append(c);
            inText ^= c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
        }

        return result.ToString();
    }

    private static bool IsText(JsonElement push, string name) =>
        push.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String;
}
