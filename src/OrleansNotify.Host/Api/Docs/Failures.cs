using Microsoft.OpenApi;

namespace OrleansNotify.Host.Api.Docs;

/// <summary>Statuses with which a route may fail, beside those that follow from its input and its policy.</summary>
internal sealed record Failures(int[] Statuses);

/// <summary>A header that answers of a status carry.</summary>
internal sealed record AnswerHeader(int Status, string Name, string Description);

internal static class FailuresExtensions
{
    /// <summary>Documents with which statuses this route may fail.</summary>
    public static RouteHandlerBuilder Fails(this RouteHandlerBuilder route, params int[] statuses) => route.WithMetadata(new Failures(statuses));

    /// <summary>Documents a header that each answer of this status carries.</summary>
    public static RouteHandlerBuilder AnswersWith(this RouteHandlerBuilder route, int status, string header, string description) =>
        route.WithMetadata(new AnswerHeader(status, header, description));

    /// <summary>Puts the headers of a status into its description.</summary>
    public static void AddTo(this IEnumerable<AnswerHeader> headers, OpenApiResponses responses)
    {
        foreach (var header in headers)
        {
            if (responses[$"{header.Status}"] is not OpenApiResponse response) continue;
            response.Headers ??= new Dictionary<string, IOpenApiHeader>();
            response.Headers[header.Name] = new OpenApiHeader
            {
                Description = header.Description,
                Required = true,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            };
        }
    }
}
