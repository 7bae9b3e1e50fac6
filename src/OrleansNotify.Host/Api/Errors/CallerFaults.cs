using Microsoft.AspNetCore.Diagnostics;

namespace OrleansNotify.Host.Api.Errors;

/// <summary>
/// What the caller did wrong, or that he left: a body that was cut off or came too slowly is answered, where there is anybody left to hear it, and
/// is no fault of ours for the log.
/// </summary>
internal sealed class CallerFaults : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is BadHttpRequestException bad)
        {
            await Problems.OfStatus(bad.StatusCode).ExecuteAsync(httpContext);
            return true;
        }

        // Whatever failed because he had gone.
        if (!httpContext.RequestAborted.IsCancellationRequested || exception is not (OperationCanceledException or IOException)) return false;
        httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        return true;
    }
}
