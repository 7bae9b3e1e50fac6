using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;
using OrleansNotify.Host.Api.Campaigns;
using OrleansNotify.Host.Api.Input;

namespace OrleansNotify.Host.Api.Docs;

/// <summary>Describes what all routes have in common: who may use them, how they fail, and an example of each.</summary>
internal static class Operations
{
    public static Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var policy = metadata.OfType<IAuthorizeData>().LastOrDefault()?.Policy;
        if (policy is not null)
        {
            operation.Security = [new() { [new OpenApiSecuritySchemeReference(OpenApi.Bearer, context.Document)] = [] }];
            operation.Description = $"{operation.Description}\n\nRole: `{policy}`.".Trim();
        }

        var takesBody = metadata.OfType<IAcceptsMetadata>().Any();
        int[] failures =
        [
            .. takesBody || operation.Parameters?.Count > 0 ? [400] : Array.Empty<int>(),
            .. policy is null ? Array.Empty<int>() : [401, 403],
            .. takesBody ? [413, 415] : Array.Empty<int>(),
            .. metadata.OfType<Failures>().SelectMany(more => more.Statuses),
        ];
        var problem = new OpenApiSchemaReference(OpenApi.Problem, context.Document);
        operation.Responses ??= [];
        foreach (var status in failures.Distinct().Order())
        {
            operation.Responses[$"{status}"] = new OpenApiResponse
            {
                Description = ReasonPhrases.GetReasonPhrase(status),
                Content = new Dictionary<string, OpenApiMediaType> { ["application/problem+json"] = new() { Schema = problem } },
            };
        }

        Examples.AddTo(operation);
        if (metadata.OfType<ConditionalMetadata>().Any()) Conditional.Describe(operation, context.Description.HttpMethod!);
        Parameters.Describe(operation);
        CampaignDocs.Describe(operation);
        return Task.CompletedTask;
    }
}
