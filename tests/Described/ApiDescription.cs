using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace OrleansNotify.Tests.Described;

/// <summary>What <c>/openapi/v1.json</c> promises, and whether a request or an answer keeps it.</summary>
internal sealed class ApiDescription
{
    private const string Components = "#/components/schemas/", Definitions = "#/$defs/";

    private static readonly EvaluationOptions s_evaluation = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };

    private readonly JsonObject _definitions;
    private readonly ConcurrentDictionary<string, JsonSchema> _schemas = new();

    public ApiDescription(string text)
    {
        var document = JsonNode.Parse(text.Replace(Components, Definitions, StringComparison.Ordinal))!.AsObject();
        foreach (var schema in Within(document).ToList()) Close(schema);
        _definitions = document["components"]!["schemas"]!.AsObject();
        Operations =
        [
            .. from path in document["paths"]!.AsObject()
            from operation in path.Value!.AsObject()
            orderby path.Key.Count(letter => letter == '{')
            select new ApiOperation(operation.Key.ToUpperInvariant(), path.Key, operation.Value!.AsObject()),
        ];
    }

    /// <summary>All of them, those without parameters in their path first.</summary>
    public IReadOnlyList<ApiOperation> Operations { get; }

    /// <summary>The operation of a request; null where there is none.</summary>
    public ApiOperation? Find(string method, string path) => Operations.FirstOrDefault(each => each.Is(method == "HEAD" ? "GET" : method, path));

    /// <summary>What is wrong with a JSON text by a schema of the description; null where nothing is.</summary>
    public string? Problem(JsonNode? schema, string json)
    {
        if (schema is null) return "nothing is said of this body";
        using var document = JsonDocument.Parse(json);
        var result = _schemas.GetOrAdd(schema.ToJsonString(), Build).Evaluate(document.RootElement, s_evaluation);
        return result.IsValid ? null : string.Join("; ", (result.Details ?? [result])
            .SelectMany(each => (each.Errors ?? new Dictionary<string, string>()).Select(error => $"{each.InstanceLocation} {error.Key}: {error.Value}")).Distinct().Take(5));
    }

    private JsonSchema Build(string schema)
    {
        var whole = new JsonObject { ["allOf"] = new JsonArray(JsonNode.Parse(schema)), ["$defs"] = _definitions.DeepClone() };
        return JsonSchema.FromText(whole.ToJsonString(), new BuildOptions { SchemaRegistry = new SchemaRegistry() });
    }

    // Here an answer may hold nothing, and no word of an enum, that the description does not know.
    private static void Close(JsonObject schema)
    {
        if (schema["properties"] is JsonObject && schema["type"] is not null) schema.TryAdd("additionalProperties", false);
        if (schema.Remove("x-extensible-enum", out var values)) schema["enum"] = values!.DeepClone();
    }

    private static IEnumerable<JsonObject> Within(JsonNode? node) => node switch
    {
        JsonObject found => [found, .. found.SelectMany(each => each.Key is "example" or "default" ? [] : Within(each.Value))],
        JsonArray array => array.SelectMany(Within),
        _ => [],
    };
}
