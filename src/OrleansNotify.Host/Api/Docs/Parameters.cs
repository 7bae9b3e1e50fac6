using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using OrleansNotify.Host.Api.Input;
using OrleansNotify.Host.Api.Json;

namespace OrleansNotify.Host.Api.Docs;

/// <summary>Describes the parameters in paths and queries, which are read as text so that errors can name them.</summary>
internal static class Parameters
{
    public static void Describe(OpenApiOperation operation)
    {
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
            (parameter.Description, parameter.Schema) = parameter.Name switch
            {
                IdempotencyHeader.Name => (IdempotencyHeader.Description, Text(minimum: 1, maximum: 128)),
                "id" => ("The user: 1 to 128 printable ASCII characters without spaces.", Text(minimum: 1, maximum: 128)),
                "message_id" => ("The message's id.", new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" }),
                "subscription_id" => ("The id that adding the device answered.", Text()),
                "cursor" => ("The `next_cursor` of the page before; none for the first page.", Text()),
                "limit" => ("How many.", new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1", Maximum = "100", Default = 20 }),
                "letter_id" => ("The dead letter's id.", Text()),
                "redrive_id" => ("The id that starting the redrive answered.", new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" }),
                "campaign_id" => ("The id that making the campaign answered.", new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" }),
                "state" when operation.OperationId == "listCampaigns" => ("Where they are in their life.", OneOf(EnumNames.Of(typeof(CampaignStatus)))),
                "state" => ("Where they are.", OneOf(EnumNames.Of(typeof(CampaignRecipientState)))),
                "name" when operation.OperationId == "listCampaigns" => ("A part of their name, in any case.", Text()),
                "user_id" => ("The user; goes with a time alone.", Text(minimum: 1, maximum: 128)),
                "type" => ("The type of messages, such as `education`.", Text(minimum: 1, maximum: 64)),
                "channel" when parameter.In == ParameterLocation.Path => ("The address's channel.", OneOf("email", "telegram")),
                "channel" => ("The channel that was tried last.", OneOf(EnumNames.Of(typeof(Channel)))),
                "reason" => ("Why it failed, as the letter says.", Text()),
                "template_name" => ("The template's name.", Text()),
                "from" => ("Failed then or later.", new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" }),
                "to" => ("Failed then or earlier.", new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" }),
                "name" => ("The template's name.", Text()),
                "token" => ("The signed token of the link.", Text()),
                _ => (parameter.Description, parameter.Schema),
            };
    }

    private static OpenApiSchema OneOf(params string[] words) =>
        new() { Type = JsonSchemaType.String, Enum = [.. words.Select(word => (JsonNode)word)] };

    private static OpenApiSchema Text(int? minimum = null, int? maximum = null) =>
        new() { Type = JsonSchemaType.String, MinLength = minimum, MaxLength = maximum };
}
