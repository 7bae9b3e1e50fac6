using Microsoft.AspNetCore.Http.Features;
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
        return value.Contains('%') ? Written(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget) ?? value : value;
    }

    // The server leaves %2F as it is, so that a/b and a%2Fb look alike; what was written in the request line tells them apart.
    private static string? Written(string target)
    {
        var path = target.AsSpan(0, target.IndexOf('?') is var query and >= 0 ? query : target.Length);
        var at = path.IndexOf(Before, StringComparison.OrdinalIgnoreCase);
        if (at < 0) return null;
        var id = path[(at + Before.Length)..];
        return Uri.UnescapeDataString(id.IndexOf('/') is var end and >= 0 ? id[..end] : id);
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
