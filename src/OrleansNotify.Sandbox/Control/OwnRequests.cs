using Microsoft.AspNetCore.Http;

namespace OrleansNotify.Sandbox.Control;

/// <summary>
/// Keeps the control routes to programs on this machine: a web page in its browser, by its own name (DNS rebinding) or by a form, and a proxy
/// are answered with 403; a body that is not JSON, the only kind that a page may not send without asking first, with 415.
/// </summary>
internal static class OwnRequests
{
    // What proxies add.
    private static readonly string[] Forwarding = ["X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-IP", "Forwarded", "Via"];

    /// <summary>To be put before the routes.</summary>
    public static Task Guard(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (!request.Path.StartsWithSegments("/sandbox")) return next(context);
        var status = !IsOwn(context) ? StatusCodes.Status403Forbidden
            : request.Method is "POST" or "PUT" && !request.HasJsonContentType() ? StatusCodes.Status415UnsupportedMediaType
            : StatusCodes.Status200OK;
        if (status == StatusCodes.Status200OK) return next(context);
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static bool IsOwn(HttpContext context)
    {
        var (headers, port) = (context.Request.Headers, context.Connection.LocalPort);
        string[] own = [$"127.0.0.1:{port}", $"localhost:{port}"];
        return own.Contains(context.Request.Host.Value, StringComparer.OrdinalIgnoreCase)
            && !Forwarding.Any(headers.ContainsKey)
            && headers.Origin.All(origin => own.Any(each => string.Equals(origin, "http://" + each, StringComparison.OrdinalIgnoreCase)));
    }
}
