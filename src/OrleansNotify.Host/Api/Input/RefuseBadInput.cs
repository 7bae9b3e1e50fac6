namespace OrleansNotify.Host.Api.Input;

/// <summary>Answers in the handler's place where a part of the request was unreadable.</summary>
internal static class RefuseBadInput
{
    public static async ValueTask<object?> Filter(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        foreach (var argument in context.Arguments)
            if (argument is IInput { Problem: { } problem }) return problem;
        return await next(context);
    }
}
