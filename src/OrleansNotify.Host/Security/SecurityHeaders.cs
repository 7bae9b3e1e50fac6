namespace OrleansNotify.Host.Security;

/// <summary>The headers that keep a browser from doing with our answers what they are not for. A page names what it needs beyond that.</summary>
internal static class SecurityHeaders
{
    /// <summary>For answers that are data: nothing may be loaded or run, nobody may frame them.</summary>
    public const string ForData = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    /// <summary>For our own pages: their own files, a form to themselves, no script or style inside the markup.</summary>
    public const string ForPages =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; form-action 'self'; "
        + "frame-ancestors 'none'; base-uri 'none'";

    /// <summary>For pages of packages (dashboard, API page), whose markup holds scripts and styles: everything from here, nothing from elsewhere.</summary>
    public const string ForPackages =
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        + "connect-src 'self'; object-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'self'";

    public static void UseSecurityHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(Add, context);
        return next(context);
    });

    private static Task Add(object state)
    {
        var context = (HttpContext)state;
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (headers.ContentSecurityPolicy.Count == 0)
        {
            headers.ContentSecurityPolicy = context.GetEndpoint()?.Metadata.GetMetadata<PolicyMetadata>()?.Policy ?? ForData;
            headers.XFrameOptions = "DENY";
        }

        return Task.CompletedTask;
    }

    /// <summary>The content security policy of a route's answers.</summary>
    public static T WithPolicy<T>(this T route, string policy)
        where T : IEndpointConventionBuilder => route.WithMetadata(new PolicyMetadata(policy));

    private sealed record PolicyMetadata(string Policy);
}
