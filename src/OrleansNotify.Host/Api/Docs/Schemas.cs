using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using OrleansNotify.Host.Api.Input;
using OrleansNotify.Host.Api.Json;
using OrleansNotify.Host.Api.Users;

namespace OrleansNotify.Host.Api.Docs;

/// <summary>Describes the types that <see cref="NotifyJson"/> writes in its own way.</summary>
internal static class Schemas
{
    public static async Task Describe(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellation)
    {
        var type = context.JsonTypeInfo.Type;
        var actual = Nullable.GetUnderlyingType(type) ?? type;
        // Which way a type goes is seen when all routes are known.
        schema.AdditionalPropertiesAllowed = true;
        var isNull = actual == type ? default : JsonSchemaType.Null;
        if (actual.IsEnum)
        {
            // Named once for all; where it may be null, the place says so.
            schema.Type = JsonSchemaType.String;
            schema.Enum = [.. EnumNames.Of(actual).Select(name => (JsonNode)name)];
        }
        else if (actual == typeof(DateTimeOffset))
        {
            schema.Type = JsonSchemaType.String | isNull;
            schema.Format = "date-time";
        }
        else if (actual == typeof(TimeOnly))
        {
            schema.Type = JsonSchemaType.String | isNull;
            schema.Format = null;
            schema.Pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$";
        }
        else if (actual == typeof(TemplateVars))
        {
            schema.Type = JsonSchemaType.Object;
        }
        else if (actual == typeof(ChatNumber))
        {
            // Where it may be null, the place says so.
            schema.Type = JsonSchemaType.String | JsonSchemaType.Integer;
        }
        else if (actual == typeof(MergePatch))
        {
            schema.Type = JsonSchemaType.Object;
            schema.Properties = null;
            schema.Description = "Some of the fields; a null takes one away, or gives it its default again (RFC 7396).";
        }
        else if (ArraysWithoutNull.ElementOf(actual) is { } element)
        {
            schema.Type = JsonSchemaType.Array;
            schema.Items = await context.GetOrCreateSchemaAsync(element, cancellationToken: cancellation);
        }
    }

    /// <summary>What every error looks like.</summary>
    public static OpenApiSchema Problem { get; } = new()
    {
        Type = JsonSchemaType.Object,
        Description = "What is wrong (RFC 9457).",
        Required = new HashSet<string> { "type", "title", "status", "detail" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "A link to what the status means." },
            ["title"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "The status in words." },
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "The HTTP status." },
            ["detail"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "What is wrong, for a person." },
            ["reason"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "What is wrong, as a word for programs." },
            ["errors"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = "What is wrong with each field, by its JSON name, such as `quiet_hours.time_zone`.",
                AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } },
            },
        },
    };
}
