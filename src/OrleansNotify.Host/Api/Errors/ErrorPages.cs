namespace OrleansNotify.Host.Api.Errors;

/// <summary>Answers every error that nobody answered with a body as problem+json.</summary>
internal static class ErrorPages
{
    public static void UseProblemJson(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = context => Problems.OfStatus(StatusCodes.Status500InternalServerError).ExecuteAsync(context),
        });
        app.UseStatusCodePages(page =>
        {
            // Whoever answers GET answers HEAD.
            var headers = page.HttpContext.Response.Headers;
            if (headers.Allow.Count > 0) headers.Allow = headers.Allow.ToString().Replace("GET", "GET, HEAD", StringComparison.Ordinal);
            return Problems.OfStatus(page.HttpContext.Response.StatusCode).ExecuteAsync(page.HttpContext);
        });
    }
}
