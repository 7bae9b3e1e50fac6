using Microsoft.OpenApi;

namespace OrleansNotify.Host.Api.Docs;

/// <summary>Describes the conditions that a route heeds, and the tag of what it answers (RFC 9110, sections 8.8.3 and 13.1).</summary>
internal static class Conditional
{
    public static void Describe(OpenApiOperation operation, string method)
    {
        operation.Parameters ??= [];
        if (HttpMethods.IsGet(method)) Add(operation, "If-None-Match", "The `ETag` of what the caller has: where it is still the same, the answer is 304.");
        else Add(operation, "If-Match", "The `ETag` that the change was made from: where it is another by now, nothing is changed, and the answer is 412.");
        foreach (var (status, response) in operation.Responses ?? [])
            if (status is "200" or "304" && response is OpenApiResponse answer)
                (answer.Headers ??= new Dictionary<string, IOpenApiHeader>())["ETag"] = new OpenApiHeader
                {
                    Description = "The version of what is answered.",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                };
    }

    private static void Add(OpenApiOperation operation, string name, string description) => operation.Parameters!.Add(new OpenApiParameter
    {
        Name = name,
        In = ParameterLocation.Header,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    });
}
