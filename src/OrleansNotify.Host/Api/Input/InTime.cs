using OrleansNotify.Host.Api.Errors;
using OrleansNotify.Host.Api.Messages;

namespace OrleansNotify.Host.Api.Input;

/// <summary>Gives up waiting for a handler after <see cref="StoreFaults.Patience"/>: a handler of these routes waits for the store alone.</summary>
internal static class InTime
{
    public static async ValueTask<object?> Filter(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var clock = context.HttpContext.RequestServices.GetRequiredService<TimeProvider>();
        return await Ask(context, next).WaitAsync(StoreFaults.Patience, clock);
    }

    // A silo that leaves, or is declared dead, takes the calls under way with it; its users are elsewhere by then. What may be asked twice is.
    private static async Task<object?> Ask(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (SiloUnavailableException) when (MayBeAskedTwice(context))
        {
            return await next(context);
        }
    }

    private static bool MayBeAskedTwice(EndpointFilterInvocationContext context) =>
        HttpMethods.IsGet(context.HttpContext.Request.Method)
        || HttpMethods.IsHead(context.HttpContext.Request.Method)
        || context.Arguments.Any(argument => argument is Body<MessageBody> { Value.IdempotencyKey: not null });
}
