using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using OrleansNotify.Host.Api.Input;
using OrleansNotify.Host.Api.Json;

namespace OrleansNotify.Host.Api.Campaigns;

/// <summary>Describes an audience as NDJSON, and the settings that then go in the query: the handler takes both as they are.</summary>
internal static class CampaignDocs
{
    private const string Example = """
        {"user_id": "u-1842", "vars": {"name": "Ada"}}
        {"user_id": "u-1843", "vars": {"name": "Bob"}}

        """;

    public static void Describe(OpenApiOperation operation)
    {
        if (operation.RequestBody?.Content?.TryGetValue(CampaignInput.Ndjson, out var media) != true) return;
        media!.Schema = new OpenApiSchema { Type = JsonSchemaType.String, Description = "One `{user_id, vars}` a line, as it is or gzip (`Content-Encoding: gzip`); the settings go in the query." };
        media.Example = Example;
        OpenApiParameter key = new()
        {
            Name = IdempotencyHeader.Name,
            In = ParameterLocation.Header,
            Description = IdempotencyHeader.Description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 128 },
        };
        operation.Parameters = [.. operation.Parameters ?? [], key, .. Settings.Select(setting => InQuery(setting.Name, setting.Description, setting.Schema))];
    }

    // None is required here, for with JSON none may be given.
    private static OpenApiParameter InQuery(string name, string description, OpenApiSchema schema) => new()
    {
        Name = name,
        In = ParameterLocation.Query,
        Description = $"With NDJSON alone. {description}",
        Schema = schema,
    };

    private static IEnumerable<(string Name, string Description, OpenApiSchema Schema)> Settings =>
    [
        ("name", "What people call it; needed.", new() { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 100 }),
        ("template_name", "The template's name; needed.", new() { Type = JsonSchemaType.String }),
        ("channel", "The channel to try first; without one, the first of each user's own order.", new()
        {
            Type = JsonSchemaType.String,
            Enum = [.. EnumNames.Of(typeof(Channel)).Select(name => (JsonNode)name)],
        }),
        ("fallback", "Whether other channels may be tried when the first one fails.", new() { Type = JsonSchemaType.Boolean, Default = false }),
        ("batch_size", "How many of its messages wait before the next are made.", Number(1000, 100)),
        ("start_at", "Not before this time.", Time()),
        ("expires_at", "Not after this time.", Time()),
        ("rate", "At most so many in a minute.", Number(1_000_000)),
        ("idempotency_key", "Names the campaign: the same key again answers the first one's receipt.", new() { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 128 }),
    ];

    private static OpenApiSchema Number(int most, int? usual = null) =>
        new() { Type = JsonSchemaType.Integer, Minimum = "1", Maximum = $"{most}", Default = usual };

    private static OpenApiSchema Time() => new() { Type = JsonSchemaType.String, Format = "date-time" };
}
