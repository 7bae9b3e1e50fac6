using Microsoft.AspNetCore.Diagnostics;
using Orleans.Storage;
using OrleansNotify.Host.Store;
using OrleansNotify.Metrics;
using OrleansNotify.Storage;

namespace OrleansNotify.Host.Api.Errors;

/// <summary>
/// The cluster or its store did not answer, or not in time: a 503 that says which, and when to ask again. What was asked may have been done.
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

    /// <summary>The word for such a fault, where the store is known to be well or not: it is the store's, or that of a silo which does not answer.</summary>
    public static string ReasonOf(Exception fault, StoreTrouble? store) =>
        store is not null || fault is StoreUnavailableException or InconsistentStateException ? Reasons.StoreUnavailable : Reasons.SiloUnavailable;

    /// <summary>The answer to such a fault.</summary>
    /// <param name="reason">What is known to be at fault.</param>
    public static IResult Answer(string reason = Reasons.StoreUnavailable) => new FaultResult(reason);

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (!Is(exception)) return false;
        // The request itself has lost its endpoint by now.
        log.Say(httpContext.Features.Get<IExceptionHandlerFeature>()?.Endpoint?.DisplayName, exception);
        await Answer(ReasonOf(exception, store: null)).ExecuteAsync(httpContext);
        return true;
    }

    // Looks at the store itself: what it ails of is known there, and not by whoever waited in vain.
    private sealed class FaultResult(string reason) : IResult
    {
        private const string Then = " What was asked may or may not have been done; it is safe to ask again, a send with its idempotency key.";

        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var (detail, word, counted) = await httpContext.RequestServices.GetRequiredService<StoreHealth>().Trouble() switch
            {
                { } trouble => (StoreTroubles.Sentence(trouble), Reasons.StoreUnavailable, Refusals.OfStore(trouble)),
                null when reason == Reasons.SiloUnavailable => ("A silo of the cluster does not answer; others take its users over.", reason, reason),
                null => ("The store did not answer in time, and does again.", reason, reason),
            };
            await Problems.Later(StatusCodes.Status503ServiceUnavailable, detail + Then, word, After, counted).ExecuteAsync(httpContext);
        }
    }
}
