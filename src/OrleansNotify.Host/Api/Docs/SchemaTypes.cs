using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using OrleansNotify.Host.Api.Json;

namespace OrleansNotify.Host.Api.Docs;

/// <summary>The names under which types are described once, and the types behind these names.</summary>
internal sealed class SchemaTypes
{
    private readonly ConcurrentDictionary<string, JsonTypeInfo> _types = new();

    /// <summary>A type's name; null describes it in each place.</summary>
    public string? NameOf(JsonTypeInfo type)
    {
        var actual = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
        if (ArraysWithoutNull.ElementOf(actual) is not null || actual == typeof(JsonElement)) return null;
        if (OpenApiOptions.CreateDefaultSchemaReferenceId(type) is not { } name) return null;
        _types[name] = NotifyJson.Options.GetTypeInfo(actual);
        return name;
    }

    /// <summary>The type behind a name; null where it is described by hand.</summary>
    public JsonTypeInfo? Find(string name) => _types.GetValueOrDefault(name);
}
