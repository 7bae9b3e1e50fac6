using Microsoft.AspNetCore.Http;

namespace OrleansNotify.Sandbox;

/// <summary>Makes the HTTP receivers misbehave as they were told.</summary>
internal static class HttpFaults
{
    /// <summary>Does what a fault says before a request is taken over. Whether the request goes on.</summary>
    public static async Task<bool> Before(this Fault? fault, HttpContext http, TimeProvider clock, Func<Fault, Task> reply)
    {
        switch (fault?.Kind)
        {
            case FaultKind.Reply:
                await reply(fault);
                return false;
            case FaultKind.Delay:
                await Task.Delay(fault.Delay, clock, http.RequestAborted);
                return true;
            case FaultKind.Hang:
                await Task.Delay(Timeout.InfiniteTimeSpan, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return false;
            case FaultKind.DropBefore:
                http.Abort();
                return false;
            default:
                return true;
        }
    }

    /// <summary>Cuts the connection of a request that was taken over, where the fault says so. Whether the answer goes out.</summary>
    public static bool After(this Fault? fault, HttpContext http)
    {
        if (fault?.Kind != FaultKind.DropAfter) return true;
        http.Abort();
        return false;
    }

    /// <summary>Writes a whole answer.</summary>
    public static Task Answer(this HttpContext http, int status, string type, ReadOnlyMemory<byte> body, int? retryAfter = null)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        http.Response.ContentLength = body.Length;
        if (retryAfter is { } seconds) http.Response.Headers.RetryAfter = $"{seconds}";
        return http.Response.Body.WriteAsync(body).AsTask();
    }
}
