using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansNotify.Host.Api.Json;

/// <summary>
/// The API's JSON: names and enum values in snake_case, times in RFC 3339 and UTC, nulls left out unless a type says otherwise.
/// What comes in is taken literally: no unknown or repeated field, no other spelling, no null where a value belongs, at most
/// <see cref="MaxDepth"/> levels.
/// </summary>
internal static class NotifyJson
{
    /// <summary>How deep objects and arrays may be nested.</summary>
    public const int MaxDepth = 32;

    /// <summary>The options, for reading and writing.</summary>
    public static JsonSerializerOptions Options { get; } = Made();

    /// <summary>Gives these options to the framework's own reading and writing.</summary>
    public static void Apply(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.PropertyNameCaseInsensitive = false;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.AllowDuplicateProperties = false;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.MaxDepth = MaxDepth;
        options.Converters.Add(new EnumNames());
        options.Converters.Add(new UtcTimes());
        options.Converters.Add(new MinutesOfDay());
        options.Converters.Add(new ArraysWithoutNull());
    }

    /// <summary>Reads one JSON value that fills the whole of <paramref name="text"/>.</summary>
    /// <exception cref="JsonException">It is not JSON, or not a <typeparamref name="T"/>; <see cref="FieldErrors"/> says what is wrong.</exception>
    public static T Read<T>(in ReadOnlySequence<byte> text)
        where T : class
    {
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = MaxDepth });
        var value = JsonSerializer.Deserialize<T>(ref reader, Options) ?? throw new JsonException("The value is null.");
        reader.Read();
        return value;
    }

    private static JsonSerializerOptions Made()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        Apply(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
