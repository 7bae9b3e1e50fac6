using System.Security.Cryptography;
using Scalar.AspNetCore;

namespace OrleansNotify.Host.Api.Docs;

/// <summary>The API's description, and a page to read it and try it out: all of it served from here, nothing asked of anybody else.</summary>
internal static class ApiPages
{
    public static void Map(WebApplication app)
    {
        app.MapGet($"/openapi/{OpenApi.Version}.json", (HttpContext context, ApiText text) => text.Answer(context)).ExcludeFromDescription().AllowAnonymous();
        app.MapScalarApiReference("/docs", (options, context) =>
        {
            var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
            // The page sets styles from its script, and reads its own JSON; it may load no script but these, and talk to nobody else.
            context.Response.Headers.ContentSecurityPolicy =
                $"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
                + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
            context.Response.Headers.XContentTypeOptions = "nosniff";
            options.Title = "OrleansNotify API";
            options.Nonce = nonce;
            options.DefaultFonts = false;
            options.Telemetry = false;
            options.HideClientButton = true;
            options.SchemaPropertyOrder = PropertyOrder.Preserve;
            options.ShowDeveloperTools = DeveloperToolsVisibility.Never;
            options.AddPreferredSecuritySchemes(OpenApi.Bearer);
            options.Agent = new ScalarAgentOptions { Disabled = true };
            options.Mcp = new ScalarMcpOptions { Disabled = true };
        }).AllowAnonymous();
    }
}
