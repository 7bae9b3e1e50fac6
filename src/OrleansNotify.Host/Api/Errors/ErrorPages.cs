using Microsoft.AspNetCore.Diagnostics;

namespace OrleansNotify.Host.Api.Errors;

/// <summary>Answers every error that nobody answered with a body as problem+json.</summary>
internal static class ErrorPages
{
    public static void UseProblemJson(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = AnswerFault });
        app.UseStatusCodePages(page =>
        {
            // Whoever answers GET answers HEAD.
            var headers = page.HttpContext.Response.Headers;
            if (headers.Allow.ToString() is { Length: > 0 } allowed && allowed.Split(", ").Contains("GET")) headers.Allow = allowed.Replace("GET", "GET, HEAD", StringComparison.Ordinal);
            return Problems.OfStatus(page.HttpContext.Response.StatusCode).ExecuteAsync(page.HttpContext);
        });
    }

    private static Task AnswerFault(HttpContext context) =>
        Problems.OfStatus(context.Features.Get<IExceptionHandlerFeature>()?.Error is BadHttpRequestException bad
            ? bad.StatusCode
            : StatusCodes.Status500InternalServerError).ExecuteAsync(context);
}
