using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansNotify.Benchmarks.Load;

/// <summary>Prints what was seen as one line of JSON.</summary>
internal static class JsonLine
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static void Print<T>(T seen) => Console.WriteLine(JsonSerializer.Serialize(seen, s_json));
}
