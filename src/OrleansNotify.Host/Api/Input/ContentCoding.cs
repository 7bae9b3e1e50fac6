using OrleansNotify.Host.Api.Errors;

namespace OrleansNotify.Host.Api.Input;

/// <summary>
/// The content codings of requests (RFC 9110, section 8.4). A coding that a route does not take is refused: a body that was read as if it had
/// none would be noise.
/// </summary>
internal static class ContentCoding
{
    /// <summary>Lets a request through whose coding its route takes.</summary>
    public static Task Pass(HttpContext context, RequestDelegate next)
    {
        var takesGzip = context.GetEndpoint()?.Metadata.GetMetadata<TakesGzip>() is not null;
        return IsNone(context.Request) || (takesGzip && IsGzip(context.Request)) ? next(context) : Refuse(context, takesGzip).ExecuteAsync(context);
    }

    /// <summary>Whether the body is gzip, by its header.</summary>
    public static bool IsGzip(HttpRequest request) => Is(request, "gzip") || Is(request, "x-gzip");

    /// <summary>The answer to a coding that is not taken: a 415 that names those that are.</summary>
    public static IResult Refuse(HttpContext context, bool takesGzip)
    {
        context.Response.Headers.AcceptEncoding = takesGzip ? "gzip, identity" : "identity";
        return Problems.Of(
            StatusCodes.Status415UnsupportedMediaType, "Bodies are taken without a Content-Encoding; an audience as NDJSON may have gzip, and no other.");
    }

    private static bool IsNone(HttpRequest request) => request.Headers.ContentEncoding.Count == 0 || Is(request, "identity");

    private static bool Is(HttpRequest request, string coding) =>
        request.Headers.ContentEncoding is [{ } only] && only.Trim().Equals(coding, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Marks a route that takes gzip, in some of its bodies at least.</summary>
internal sealed class TakesGzip;
