using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace OrleansNotify.Host.Api.Docs;

/// <summary>The description of the API that <c>/openapi/v1.json</c> gives.</summary>
internal static class OpenApi
{
    /// <summary>The name of the security scheme, and of the schema of errors.</summary>
    public const string Bearer = "bearer", Problem = "Problem";

    /// <summary>The description's name in its address.</summary>
    public const string Version = "v1";

    private const string Introduction = """
        Product code asks for a message to a person; the cluster decides whether, when and over which channel, delivers it, and never loses it.

        **Tokens.** Send `Authorization: Bearer …`, a JWT with `sub`, `role`, `exp` and `aud` = `orleans-notify`. The role `owner` may do
        everything, `service` sends and keeps users, `user` reaches the routes of the user whose id is its `sub`. Mint one with the `token` command.

        **Errors** are `application/problem+json` (RFC 9457); `errors` names each faulty field by its JSON name, `reason` is a word for programs.
        A 429 or 503 says with `Retry-After` when to ask again.

        **Bodies** are taken literally: an unknown or repeated field, another spelling or a null where a value belongs is a 400. What is answered may
        get new fields.

        **Versions.** `GET` of a user and of the preferences answers an `ETag`; a change with `If-Match` is made only of that version, and else a 412.

        **Times** are RFC 3339: written in UTC, read with any offset. Fields that are null are left out unless it says otherwise.
        """;

    public static void Add(IServiceCollection services)
    {
        SchemaTypes types = new();
        services.AddSingleton(types).AddSingleton<ApiText>();
        services.AddOpenApi(Version, options => Configure(options, types));
    }

    private static void Configure(OpenApiOptions options, SchemaTypes types)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "OrleansNotify", Version = Version, Description = Introduction };
            // Whoever reads this knows the address that it came from.
            document.Servers = [new OpenApiServer { Url = "/" }];
            document.AddComponent(Bearer, new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT" });
            document.AddComponent(Problem, Schemas.Problem);
            return Task.CompletedTask;
        });
        options.CreateSchemaReferenceId = types.NameOf;
        options.AddSchemaTransformer(Schemas.Describe);
        options.AddOperationTransformer(Operations.Describe);
    }
}
