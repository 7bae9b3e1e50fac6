using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansNotify.Host.Api.Json;

/// <summary>
/// Enums as their names in snake_case, and nothing else: the platform's converter also takes other spellings, and reads
/// <c>"push,email"</c> as the sum of both.
/// </summary>
internal sealed class EnumNames : JsonConverterFactory
{
    /// <summary>The names of an enum's values, in their order.</summary>
    public static string[] Of(Type type) => [.. Enum.GetNames(type).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Names<>).MakeGenericType(typeToConvert))!;

    private sealed class Names<T> : JsonConverter<T>
        where T : struct, Enum
    {
        private static readonly T[] Values = Enum.GetValues<T>();
        private static readonly JsonEncodedText[] Texts = [.. Of(typeof(T)).Select(name => JsonEncodedText.Encode(name))];

        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.String)
                for (var at = 0; at < Texts.Length; at++)
                    if (reader.ValueTextEquals(Texts[at].EncodedUtf8Bytes)) return Values[at];
            throw new JsonException("Not one of the names.");
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WriteStringValue(Texts[Array.IndexOf(Values, value)]);
    }
}
