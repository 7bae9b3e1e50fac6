using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace OrleansNotify.Host.Api.Docs;

/// <summary>
/// Describes what goes in apart from what comes out, for they differ: a request may hold nothing unknown, has defaults and names the values of
/// its enums; an answer may get new fields and new values, and always holds what is never null. A type that goes both ways is described twice,
/// its answer as <c>…View</c>.
/// </summary>
internal sealed class Directions(JsonObject document, SchemaTypes types)
{
    private const string Schemas = "#/components/schemas/";

    private readonly JsonObject _before = document["components"]!["schemas"]!.AsObject();
    private readonly SortedDictionary<string, JsonObject> _after = new(StringComparer.Ordinal);
    private readonly HashSet<string> _asked = [];

    public void Apply()
    {
        var operations = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()).Select(each => each.Value!.AsObject()).ToList();
        foreach (var operation in operations)
        {
            foreach (var parameter in operation["parameters"]?.AsArray() ?? []) Put(parameter!.AsObject(), "schema", InRequest);
            foreach (var media in Media(operation["requestBody"])) Put(media, "schema", InRequest);
        }

        // What is only answered keeps its name.
        foreach (var response in operations.SelectMany(operation => operation["responses"]!.AsObject()))
            foreach (var media in Media(response.Value)) Put(media, "schema", InAnswer);
        document["components"]!["schemas"] = new JsonObject(_after.Select(each => KeyValuePair.Create(each.Key, (JsonNode?)each.Value)));
    }

    private static IEnumerable<JsonObject> Media(JsonNode? body) => (body?["content"]?.AsObject() ?? []).Select(media => media.Value!.AsObject());

    private static void Put(JsonObject holder, string name, Func<JsonObject, JsonObject> turn)
    {
        if (holder[name] is JsonObject schema) holder[name] = turn(schema.DeepClone().AsObject());
    }

    private JsonObject InRequest(JsonObject schema)
    {
        if (NameIn(schema) is { } name && _asked.Add(name)) _after[name] = Rewritten(_before[name]!.DeepClone().AsObject(), InRequest, types.Find(name), AskFor);
        return Rewritten(schema, InRequest, null, AskFor);
    }

    private JsonObject InAnswer(JsonObject schema)
    {
        if (NameIn(schema) is not { } name) return Rewritten(schema, InAnswer, null, Tell);
        var named = _before[name]!.AsObject();
        if (named["enum"] is JsonArray values) return Open(schema, named, values);
        var view = _asked.Contains(name) && named.ContainsKey("properties") ? name + "View" : name;
        if (!_after.ContainsKey(view))
        {
            // Before its parts, one of which may be of its own kind.
            _after[view] = [];
            _after[view] = Rewritten(named.DeepClone().AsObject(), InAnswer, types.Find(name), Tell);
        }

        schema["$ref"] = Schemas + view;
        return schema;
    }

    private static JsonObject Rewritten(JsonObject schema, Func<JsonObject, JsonObject> turn, JsonTypeInfo? type, Action<JsonObject, JsonTypeInfo> finish)
    {
        foreach (var (name, _) in schema["properties"]?.AsObject().ToList() ?? []) Put(schema["properties"]!.AsObject(), name, turn);
        Put(schema, "items", turn);
        Put(schema, "additionalProperties", turn);
        foreach (var name in (string[])["oneOf", "anyOf", "allOf"])
            if (schema[name] is JsonArray parts) schema[name] = new JsonArray([.. parts.Select(part => turn(part!.DeepClone().AsObject()))]);
        // Any variables: said, for some generators take an object without a word on its members for one that has none.
        if (schema["type"]?.ToJsonString() == "\"object\"" && !schema.ContainsKey("properties") && !schema.ContainsKey("additionalProperties"))
            schema["additionalProperties"] = true;
        if (type is not null && schema["properties"] is JsonObject) finish(schema, type);
        return schema;
    }

    private static void AskFor(JsonObject schema, JsonTypeInfo type)
    {
        schema["additionalProperties"] = type.UnmappedMemberHandling == JsonUnmappedMemberHandling.Skip || type.Properties.Any(property => property.IsExtensionData);
        var usual = type.Type.GetConstructor([]) is { } make ? make.Invoke([]) : null;
        foreach (var property in type.Properties)
        {
            if (schema["properties"]![property.Name] is not JsonObject described) continue;
            if (property.Set is null) schema["properties"]!.AsObject().Remove(property.Name);
            else if (usual is not null && !property.IsRequired && property.Get?.Invoke(usual) is { } value) Default(schema, property, described, value);
        }
    }

    // Beside a reference, some generators read nothing.
    private static void Default(JsonObject schema, JsonPropertyInfo property, JsonObject described, object value)
    {
        if (described["$ref"] is { } reference)
        {
            described.Remove("$ref");
            described["allOf"] = new JsonArray(new JsonObject { ["$ref"] = reference });
        }

        described["default"] = JsonSerializer.SerializeToNode(value, property.Options.GetTypeInfo(property.PropertyType));
        schema["properties"]![property.Name] = described.DeepClone();
    }

    private static void Tell(JsonObject schema, JsonTypeInfo type)
    {
        List<string> always = [];
        foreach (var property in type.Properties)
        {
            if (schema["properties"]![property.Name] is not JsonObject described) continue;
            if (IsAlwaysWritten(property)) always.Add(property.Name);
            else schema["properties"]![property.Name] = WithoutNull(described);
        }

        schema.Remove("required");
        if (always.Count > 0) schema["required"] = new JsonArray([.. always.Select(name => (JsonNode)name)]);
    }

    private static bool IsAlwaysWritten(JsonPropertyInfo property)
    {
        var isNullable = property.PropertyType.IsValueType ? Nullable.GetUnderlyingType(property.PropertyType) is not null : property.IsGetNullable;
        var ignored = property.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), inherit: true).OfType<JsonIgnoreAttribute>().FirstOrDefault();
        return ignored is null ? !isNullable : ignored.Condition == JsonIgnoreCondition.Never;
    }

    /// <summary>Of what is left out where it is null, the description of what it then is.</summary>
    private static JsonObject WithoutNull(JsonObject schema)
    {
        if (schema["oneOf"] is JsonArray { Count: 2 } either && either.FirstOrDefault(part => part!["type"]?.ToJsonString() != "\"null\"") is JsonObject one)
        {
            schema.Remove("oneOf");
            foreach (var (name, value) in one) schema[name] = value?.DeepClone();
        }
        else if (schema["type"] is JsonArray several)
        {
            var left = several.Select(each => each!.GetValue<string>()).Where(each => each != "null").ToList();
            schema["type"] = left.Count == 1 ? left[0] : new JsonArray([.. left.Select(each => (JsonNode)each)]);
        }

        return schema;
    }

    /// <summary>An enum that may get new values: a text, whose values of today are told.</summary>
    private static JsonObject Open(JsonObject schema, JsonObject named, JsonArray values)
    {
        var words = string.Join(", ", values.Select(value => $"`{value!.GetValue<string>()}`"));
        return new()
        {
            ["type"] = "string",
            ["description"] = $"{schema["description"] ?? named["description"]} One of {words}; there may be more one day.".TrimStart(),
            ["x-extensible-enum"] = values.DeepClone(),
        };
    }

    private static string? NameIn(JsonObject schema) => schema["$ref"]?.GetValue<string>() is { } reference ? reference[Schemas.Length..] : null;
}
