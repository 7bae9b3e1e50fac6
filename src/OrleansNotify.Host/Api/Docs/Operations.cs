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

        var isApi = context.Description.RelativePath!.StartsWith("api/", StringComparison.Ordinal);
        int[] failures =
        [
            .. isApi ? Common(takesBody: metadata.OfType<IAcceptsMetadata>().Any(), takesToken: policy is not null) : [],
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

        AnswerHeader[] common = [.. Common().Where(header => operation.Responses.ContainsKey($"{header.Status}"))];
        common.Concat(metadata.OfType<AnswerHeader>()).AddTo(operation.Responses);
        Examples.AddTo(operation);
        if (metadata.OfType<ConditionalMetadata>().Any()) Conditional.Describe(operation, context.Description.HttpMethod!);
        Parameters.Describe(operation);
        CampaignDocs.Describe(operation);
        return Task.CompletedTask;
    }

    /// <summary>What any route of the API may answer: a query that it does not take, a token that is not good, a body, too much at a time.</summary>
    private static int[] Common(bool takesBody, bool takesToken) =>
        [400, .. takesToken ? [401, 403, 429] : Array.Empty<int>(), .. takesBody ? [408, 413, 415] : Array.Empty<int>(), 503];

    private static IEnumerable<AnswerHeader> Common() =>
    [
        new(401, "WWW-Authenticate", "How to say who asks (RFC 6750)."),
        new(429, "Retry-After", "In how many seconds to ask again."),
        new(503, "Retry-After", "In how many seconds to ask again."),
    ];
}
