using Microsoft.AspNetCore.Diagnostics;

namespace OrleansNotify.Host.Api.Errors;

/// <summary>
/// The cluster or its store did not answer, or not in time: a 503 that says when to ask again. What was asked may have been done.
/// </summary>
internal sealed class StoreFaults(FaultLog log) : IExceptionHandler
{
    /// <summary>How long an answer may take, whatever is outstanding.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    // A grain that does not know what its store holds reads it again at most once a second.
    private static readonly TimeSpan After = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Whether this fault is one of the cluster or its store, which a later request may find gone. Orleans has a name for many and none for
    /// some, such as a call that a silo made after it was declared dead; and it cancels, though nobody asked for that, what it does on a silo
    /// that is declared dead meanwhile. Who has gone himself is not answered at all.
    /// </summary>
    public static bool Is(Exception fault) => fault is StoreUnavailableException or TimeoutException or OrleansException or OperationCanceledException;

    /// <summary>The answer to such a fault.</summary>
    public static IResult Answer() => Problems.Later(
        StatusCodes.Status503ServiceUnavailable,
        "The store does not answer. What was asked may or may not have been done; it is safe to ask again, a send with its idempotency key.",
        Reasons.StoreUnavailable,
        After);

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (!Is(exception)) return false;
        // The request itself has lost its endpoint by now.
        log.Say(httpContext.Features.Get<IExceptionHandlerFeature>()?.Endpoint?.DisplayName, exception);
        await Answer().ExecuteAsync(httpContext);
        return true;
    }
}
