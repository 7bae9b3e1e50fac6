using Microsoft.AspNetCore.Diagnostics;
using Orleans.Runtime.Messaging;
using Orleans.Storage;

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

    /// <summary>Whether this fault is one of the cluster or its store, which a later request may find gone.</summary>
    public static bool Is(Exception fault) => fault is StoreUnavailableException or TimeoutException or SiloUnavailableException
        or OrleansMessageRejectionException or ConnectionFailedException or GatewayTooBusyException or LimitExceededException
        or InconsistentStateException or ClientNotAvailableException;

    /// <summary>The answer to such a fault.</summary>
    public static IResult Answer() => Problems.Later(
        StatusCodes.Status503ServiceUnavailable,
        "The store does not answer. What was asked may or may not have been done; it is safe to ask again, a send with its idempotency key.",
        Reasons.StoreUnavailable,
        After);

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (!Is(exception)) return false;
        log.Say(httpContext.GetEndpoint()?.DisplayName, exception);
        await Answer().ExecuteAsync(httpContext);
        return true;
    }
}
