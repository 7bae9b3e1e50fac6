namespace OrleansNotify.Host.Api.Input;

/// <summary>
/// Answers HEAD wherever there is a GET (RFC 9110, section 9.3.2), with what GET would answer: the server itself leaves the body of an answer
/// to a HEAD out, whatever wrote it.
/// </summary>
internal static class Heads
{
    /// <summary>To be called before routes are chosen.</summary>
    public static void UseHeads(this WebApplication app) => app.Use((context, next) =>
    {
        if (HttpMethods.IsHead(context.Request.Method)) context.Request.Method = HttpMethods.Get;
        return next(context);
    });
}
