using OrleansNotify.Host.Api.Docs;
using OrleansNotify.Host.Api.Errors;

namespace OrleansNotify.Host.Api.Users;

/// <summary>What a browser needs before it can subscribe.</summary>
internal static class PushApi
{
    public static void Map(RouteGroupBuilder api) => api.MapGet("/push/public-key", PublicKey)
        .WithName("getPushPublicKey")
        .WithSummary("The key that a browser subscribes with")
        .Produces<PushPublicKey>()
        .Fails(404)
        .WithTags("Push")
        .AllowAnonymous();

    private static IResult PublicKey(NotifyOptions options) => options.Push is { } push
        ? TypedResults.Ok(new PushPublicKey(push.VapidPublicKey))
        : Problems.NotFound("key: push has no settings", Reasons.ChannelNotConfigured);
}

/// <summary>The key that a browser subscribes with.</summary>
/// <param name="PublicKey">The VAPID public key (RFC 8292), base64url: <c>applicationServerKey</c> of <c>PushManager.subscribe()</c>.</param>
internal sealed record PushPublicKey(string PublicKey);
