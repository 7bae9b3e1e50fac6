using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrleansNotify.Users;

/// <summary>
/// What a request means, whatever it was written like: its members in one order, those left out that say what goes without saying (so that one
/// which a later version knows changes nothing), each number in one spelling, texts by their characters.
/// </summary>
internal static class RequestMeaning
{
    // Before meanings were compared, a key was kept with the SHA-256 of the request's text alone.
    private const byte Kind = 1;

    /// <summary>A hash of the meaning; of the idempotency key nothing is in it.</summary>
    public static byte[] Of(SendRequest request) => [Kind, .. SHA256.HashData(Encoding.UTF8.GetBytes(Text(request)))];

    /// <summary>Whether a key was used with this request.</summary>
    public static bool Is(byte[] kept, SendRequest request) =>
        kept.AsSpan().SequenceEqual(kept.Length == SHA256.HashSizeInBytes ? OfText(request) : Of(request));

    private static byte[] OfText(SendRequest request) => SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(request with { IdempotencyKey = null }));

    private static string Text(SendRequest request)
    {
        SendRequest usual = new() { TemplateName = "" };
        JsonObject members = new()
        {
            ["template_name"] = request.TemplateName,
            ["channel"] = request.Channel?.ToString(),
            ["priority"] = request.Priority == usual.Priority ? null : request.Priority.ToString(),
            ["fallback"] = request.Fallback == usual.Fallback ? null : request.Fallback,
            ["instrument"] = request.Instrument,
            ["alert_type"] = request.AlertType,
            ["send_at"] = request.SendAt?.UtcTicks,
            ["expires_at"] = request.ExpiresAt?.UtcTicks,
        };
        StringBuilder text = new();
        foreach (var (name, value) in members)
            if (value is not null) text.Append(name).Append(':').Append(value.ToJsonString()).Append('\n');
        Write(text, JsonElement.Parse(request.TemplateVars.Json));
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append('{');
                foreach (var member in value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    text.Append(JsonSerializer.Serialize(member.Name)).Append(':');
                    Write(text, member.Value);
                    text.Append(',');
                }

                text.Append('}');
                break;
            case JsonValueKind.Array:
                text.Append('[');
                foreach (var item in value.EnumerateArray())
                {
                    Write(text, item);
                    text.Append(',');
                }

                text.Append(']');
                break;
            case JsonValueKind.Number:
                text.Append(Number(value.GetRawText()));
                break;
            case JsonValueKind.String:
                text.Append(JsonSerializer.Serialize(value.GetString()));
                break;
            default:
                text.Append(value.GetRawText());
                break;
        }
    }

    /// <summary>A number by its digits and the power of ten that they stand for: 1.0, 1 and 10e-1 are all 1e0.</summary>
    public static string Number(string text)
    {
        var sign = text.StartsWith('-') ? "-" : "";
        var e = text.IndexOfAny(['e', 'E']);
        var mantissa = text[sign.Length..(e < 0 ? text.Length : e)];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal).TrimStart('0');
        var significant = digits.TrimEnd('0');
        if (significant.Length == 0) return "0";
        var exponent = (e < 0 ? 0 : BigInteger.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture))
            - (point < 0 ? 0 : mantissa.Length - point - 1) + (digits.Length - significant.Length);
        return $"{sign}{significant}e{exponent.ToString(CultureInfo.InvariantCulture)}";
    }
}
