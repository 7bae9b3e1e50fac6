using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansNotify;

/// <summary>
/// The variables of a template: one JSON object, kept as its text. Immutable; equal when the texts are equal.
/// At most 16 KiB of UTF-8, or the request is rejected.
/// </summary>
[GenerateSerializer, Immutable, Alias("notify.TemplateVars")]
[JsonConverter(typeof(TemplateVarsConverter))]
public sealed record TemplateVars
{
    /// <summary>No variables.</summary>
    public static TemplateVars Empty { get; } = new("{}");

    // Letters stay as they are: escaped, a Cyrillic text would be counted, stored and sent at three times its size.
    private static readonly JsonSerializerOptions Text = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonDocumentOptions Once = new() { AllowDuplicateProperties = false };

    private TemplateVars(string json) => Json = json;

    /// <summary>The JSON object's text, without white space between its tokens.</summary>
    [Id(0)]
    public string Json { get; }

    /// <summary>Reads the text of a JSON object.</summary>
    /// <exception cref="JsonException">The text is not JSON, or not an object, or it names a variable twice, or holds half a surrogate pair.</exception>
    public static TemplateVars Parse(string json) => From(JsonElement.Parse(json));

    /// <summary>Takes a JSON object.</summary>
    /// <exception cref="JsonException">The element is not an object, or it names a variable twice, or holds half a surrogate pair.</exception>
    public static TemplateVars From(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object) throw new JsonException("Template variables are a JSON object.");
        var json = Plain(JsonSerializer.Serialize(element, Text));
        _ = JsonElement.Parse(json, Once);
        return new TemplateVars(json);
    }

    /// <summary>Takes names and values; a value may be anything that System.Text.Json can write.</summary>
    public static TemplateVars From(IReadOnlyDictionary<string, object?> values) => From(JsonSerializer.SerializeToElement(values));

    // The encoder escapes what is beyond 16 bits and what joins it, so that an emoji of four bytes would count as twelve.
    private static string Plain(string json)
    {
        if (!json.Contains("\\u", StringComparison.Ordinal)) return json;
        StringBuilder plain = new(json.Length);
        for (var at = 0; at < json.Length; at++)
        {
            var isEscaped = json[at] == '\\';
            var code = isEscaped && json[at + 1] == 'u' ? (char)int.Parse(json.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) : '\0';
            // Only these must be escaped.
            if (code >= ' ')
            {
                plain.Append(code);
                at += 5;
                continue;
            }

            plain.Append(json[at]);
            if (isEscaped) plain.Append(json[++at]);
        }

        return plain.ToString();
    }

    /// <summary>The size of the text in UTF-8, in bytes.</summary>
    [JsonIgnore]
    public int SizeInBytes => Encoding.UTF8.GetByteCount(Json);
}

internal sealed class TemplateVarsConverter : JsonConverter<TemplateVars>
{
    public override TemplateVars Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => TemplateVars.From(JsonElement.ParseValue(ref reader));

    public override void Write(Utf8JsonWriter writer, TemplateVars value, JsonSerializerOptions options) => writer.WriteRawValue(value.Json);
}
