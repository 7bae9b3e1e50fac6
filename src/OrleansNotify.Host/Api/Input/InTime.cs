using OrleansNotify.Host.Api.Errors;

namespace OrleansNotify.Host.Api.Input;

/// <summary>Gives up waiting for a handler after <see cref="StoreFaults.Patience"/>: a handler of these routes waits for the store alone.</summary>
internal static class InTime
{
    public static async ValueTask<object?> Filter(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var clock = context.HttpContext.RequestServices.GetRequiredService<TimeProvider>();
        return await next(context).AsTask().WaitAsync(StoreFaults.Patience, clock);
    }
}
