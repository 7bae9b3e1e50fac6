using OrleansNotify.Host.Api.Errors;
using OrleansNotify.Users;

namespace OrleansNotify.Host.Api.Input;

/// <summary>The user whom a route under <c>users/{id}</c> is about.</summary>
internal static class UserRoute
{
    private const string Before = "/users/";

    /// <summary>The user's id, unescaped.</summary>
    public static string Id(HttpContext context)
    {
        var value = context.GetRouteValue("id") as string ?? "";
        // The server leaves %2F as it is, so that a/b and a%2Fb look alike; what was written in the request line tells them apart.
        if (!value.Contains('%') || context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>() is not { } request) return value;
        var written = request.RawTarget.AsSpan();
        written = written[(written.IndexOf(Before, StringComparison.OrdinalIgnoreCase) + Before.Length)..];
        var end = written.IndexOfAny('/', '?');
        return Uri.UnescapeDataString(end < 0 ? written : written[..end]);
    }

    /// <summary>Hands a handler's <c>id</c> over unescaped, and answers in its place where the id cannot be anybody's.</summary>
    public static EndpointFilterDelegate Filter(EndpointFilterFactoryContext factory, EndpointFilterDelegate next)
    {
        var at = Array.FindIndex(factory.MethodInfo.GetParameters(), parameter => parameter.Name == "id");
        return context =>
        {
            var id = Id(context.HttpContext);
            if (!UserId.IsValid(id)) return new(Problems.Invalid("id", UserId.Rule));
            context.Arguments[at] = id;
            return next(context);
        };
    }
}
