using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansNotify.Host.Api.Json;

/// <summary>
/// Instants in RFC 3339: written in UTC, read with the offset that they must name. (The platform's reading takes a time without an
/// offset, or a bare date, for the server's local time.)
/// </summary>
internal sealed class UtcTimes : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && NamesOffset(reader.GetString()!) && reader.TryGetDateTimeOffset(out var time)
            ? time.ToUniversalTime()
            : throw new JsonException("Not a time with an offset.");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime);

    private static bool NamesOffset(string text) => text.EndsWith('Z') || (text.Length > 20 && text[^6] is '+' or '-' && text[^3] == ':');
}

/// <summary>A time of day as <c>HH:mm</c>.</summary>
internal sealed class MinutesOfDay : JsonConverter<TimeOnly>
{
    public override TimeOnly Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String
        && TimeOnly.TryParseExact(reader.GetString(), "HH':'mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time
            : throw new JsonException("Not a time of day.");

    public override void Write(Utf8JsonWriter writer, TimeOnly value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString("HH':'mm", CultureInfo.InvariantCulture));
}
