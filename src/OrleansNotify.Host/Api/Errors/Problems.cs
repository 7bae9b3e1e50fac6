using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using OrleansNotify.Metrics;

namespace OrleansNotify.Host.Api.Errors;

/// <summary>The API's errors: problem+json (RFC 9457), with <c>reason</c> as a word for programs and <c>errors</c> by field.</summary>
internal static class Problems
{
    /// <summary>400: what is wrong with each field, by its JSON name.</summary>
    public static ProblemHttpResult Invalid(IReadOnlyDictionary<string, string[]> errors, string? reason = null) =>
        Of(StatusCodes.Status400BadRequest, "The request is not valid; errors names each field.", reason, errors);

    /// <summary>400: what is wrong with one field.</summary>
    public static ProblemHttpResult Invalid(string field, string error) => Invalid(new Dictionary<string, string[]> { [field] = [error] });

    /// <summary>404, of a thing that was asked for by its name.</summary>
    public static ProblemHttpResult NotFound(string what, string? reason = null) =>
        Of(StatusCodes.Status404NotFound, $"There is no such {what}.", reason);

    /// <summary>409: the thing's state does not allow it.</summary>
    public static ProblemHttpResult Conflict(string detail, string reason) => Of(StatusCodes.Status409Conflict, detail, reason);

    /// <summary>The plain error of a status.</summary>
    public static ProblemHttpResult OfStatus(int status) => Of(status, status switch
    {
        StatusCodes.Status401Unauthorized => "A valid bearer token is needed.",
        StatusCodes.Status403Forbidden => "The token's role does not allow this.",
        StatusCodes.Status404NotFound => "There is no such route.",
        StatusCodes.Status405MethodNotAllowed => "The route does not take this method; Allow names those that it takes.",
        StatusCodes.Status412PreconditionFailed => "It has changed since, or is not there: get it again, and see whether the change still fits.",
        StatusCodes.Status413PayloadTooLarge => "The body is larger than this route takes.",
        StatusCodes.Status415UnsupportedMediaType => "The route does not take a body of this type: application/json, or for an audience application/x-ndjson.",
        StatusCodes.Status500InternalServerError => "Something went wrong here; it is in the log.",
        _ => ReasonPhrases.GetReasonPhrase(status),
    });

    /// <summary>An error of a status, with its word for programs.</summary>
    public static ProblemHttpResult Of(int status, string detail, string? reason = null, IReadOnlyDictionary<string, string[]>? errors = null)
    {
        var more = new Dictionary<string, object?>();
        if (reason is not null) more["reason"] = reason;
        if (errors is not null) more["errors"] = errors;
        var problem = TypedResults.Problem(detail, statusCode: status, extensions: more);
        // The platform has links for the usual statuses alone.
        problem.ProblemDetails.Type ??= "about:blank";
        return problem;
    }

    /// <summary>429 or 503, with the time after which to ask again; it is counted as refused.</summary>
    /// <param name="status">The status.</param>
    /// <param name="detail">What it is, for people.</param>
    /// <param name="reason">What it is, in a word.</param>
    /// <param name="after">When to ask again.</param>
    /// <param name="counted">The word that it is counted by, of <see cref="Refusals"/>; the reason unless it is another.</param>
    public static IResult Later(int status, string detail, string reason, TimeSpan after, string? counted = null) =>
        new LaterResult(Of(status, detail, reason), after, counted ?? reason);

    private sealed class LaterResult(ProblemHttpResult problem, TimeSpan after, string counted) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.RequestServices.GetRequiredService<NotifyMetrics>().Refused(counted);
            httpContext.Response.Headers.RetryAfter = ((int)after.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
            return problem.ExecuteAsync(httpContext);
        }
    }
}
