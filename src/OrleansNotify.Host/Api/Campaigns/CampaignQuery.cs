using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using OrleansNotify.Host.Api.Input;
using OrleansNotify.Host.Api.Json;

namespace OrleansNotify.Host.Api.Campaigns;

/// <summary>Writes the settings of a query as the JSON text that the same settings of a body have, so that both are read and refused alike.</summary>
internal static class CampaignQuery
{
    private const string Audience = "audience";

    /// <summary>The settings that a query may have: those of a body, without its audience.</summary>
    public static QueryNames Names { get; } = new(
        NotifyJson.Options.GetTypeInfo(typeof(CampaignBody)).Properties.Select(field => field.Name).Where(name => name != Audience).ToFrozenSet());

    public static ReadOnlySequence<byte> Text(IQueryCollection query)
    {
        ArrayBufferWriter<byte> text = new();
        using (Utf8JsonWriter json = new(text))
        {
            json.WriteStartObject();
            foreach (var (name, values) in query)
            {
                foreach (var value in values)
                {
                    json.WritePropertyName(name);
                    Write(json, TypeOf(name), value ?? "");
                }
            }

            json.WriteStartArray(Audience);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return new(text.WrittenMemory);
    }

    // Another text than a number or a truth value stays one, and is refused as one.
    private static void Write(Utf8JsonWriter json, Type? type, string value)
    {
        if (type == typeof(bool) && (value is "true" or "false")) json.WriteBooleanValue(value == "true");
        else if (type == typeof(int) && int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) json.WriteNumberValue(number);
        else json.WriteStringValue(value);
    }

    private static Type? TypeOf(string name)
    {
        var type = NotifyJson.Options.GetTypeInfo(typeof(CampaignBody)).Properties.FirstOrDefault(field => field.Name == name)?.PropertyType;
        return type is null ? null : Nullable.GetUnderlyingType(type) ?? type;
    }
}
