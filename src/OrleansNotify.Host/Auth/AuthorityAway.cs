using Microsoft.AspNetCore.Diagnostics;
using OrleansNotify.Host.Api.Errors;

namespace OrleansNotify.Host.Auth;

/// <summary>A token can be judged neither good nor bad: the authority whose keys it needs is out of reach.</summary>
internal sealed class AuthorityUnavailableException() : Exception("The authority that issues the tokens does not answer.");

/// <summary>Answers 503 where a token cannot be judged.</summary>
internal sealed class AuthorityAway : IExceptionHandler
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(5);

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not AuthorityUnavailableException) return false;
        await Answer(httpContext);
        return true;
    }

    public static Task Answer(HttpContext context) => Problems.Later(
        StatusCodes.Status503ServiceUnavailable, "The authority that issues the tokens does not answer.", "authority_unavailable", AskAgain).ExecuteAsync(context);
}
