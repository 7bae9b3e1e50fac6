using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace OrleansNotify.Templates;

/// <summary>
/// The JSON that a browser's service worker shows: an object with a title and, mostly, a body. The message's id stands in it as <c>id</c> and as
/// <c>tag</c>, whatever the template says: a browser shows one notification of a tag, so a push that comes twice is seen once.
/// </summary>
internal static class PushPayload
{
    /// <summary>The same JSON without white space between its tokens, in UTF-8.</summary>
    /// <param name="text">What the template made.</param>
    /// <param name="message">The message's id; null for a preview, which is of no message.</param>
    /// <exception cref="JsonException">It is not JSON, not an object, or its title or body is not what it must be.</exception>
    public static byte[] Read(string text, Guid? message)
    {
        using var document = JsonDocument.Parse(text);
        if (document.RootElement.ValueKind != JsonValueKind.Object) throw new JsonException("A push is a JSON object.");
        if (!IsText(document.RootElement, "title")) throw new JsonException("A push needs a title, which is a text.");
        if (document.RootElement.TryGetProperty("body", out _) && !IsText(document.RootElement, "body"))
            throw new JsonException("The body of a push is a text.");
        if (document.RootElement.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Object
            && data.TryGetProperty("url", out var url) && !IsPath(url))
            throw new JsonException("The data.url of a push is a path of the product, such as /dashboard.");
        var members = document.RootElement.EnumerateObject().Where(member => !IsOurs(member)).Select(Compact);
        if (message is { } id) members = members.Append($"\"id\":\"{id}\",\"tag\":\"{id}\"");
        return Encoding.UTF8.GetBytes($"{{{string.Join(',', members)}}}");
    }

    private static bool IsOurs(JsonProperty member) => member.NameEquals("id"u8) || member.NameEquals("tag"u8);

    private static string Compact(JsonProperty member) =>
        $"\"{Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8PropertyName(member))}\":{Compact(member.Value.GetRawText())}";

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

    // A browser reads a backslash as a slash, drops line breaks and tabs, and takes what follows two slashes for a host.
    private static bool IsPath(JsonElement url) =>
        url.ValueKind == JsonValueKind.String && url.GetString() is "" or ['/'] or ['/', not ('/' or '\\' or '\t' or '\n' or '\r'), ..];

    private static bool IsText(JsonElement push, string name) =>
        push.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String;
}
