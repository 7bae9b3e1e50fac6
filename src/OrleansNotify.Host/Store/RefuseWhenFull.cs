using OrleansNotify.Host.Api.Errors;
using OrleansNotify.Metrics;

namespace OrleansNotify.Host.Store;

/// <summary>Answers 503 to whatever would write while the disk beneath the embedded store is nearly full.</summary>
internal static class RefuseWhenFull
{
    private static readonly TimeSpan After = TimeSpan.FromMinutes(1);

    public static void UseRefusalWhenFull(this WebApplication app)
    {
        var store = app.Services.GetRequiredService<StoreHealth>();
        app.Use((context, next) => Writes(context.Request) && store.IsDiskFull ? Refuse(context) : next(context));
    }

    private static bool Writes(HttpRequest request) => request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
        && !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method);

    private static Task Refuse(HttpContext context) => Problems.Later(
        StatusCodes.Status503ServiceUnavailable,
        "The disk beneath the store is nearly full: nothing new is accepted until there is room.",
        Reasons.StoreUnavailable,
        After,
        Refusals.DiskFull).ExecuteAsync(context);
}
