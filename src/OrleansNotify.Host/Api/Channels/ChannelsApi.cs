using System.Security.Claims;
using OrleansNotify.Host.Api.Docs;
using OrleansNotify.Host.Api.Errors;
using OrleansNotify.Host.Api.Input;
using OrleansNotify.Host.Auth;
using OrleansNotify.RateLimiting;
using OrleansNotify.Storage;

namespace OrleansNotify.Host.Api.Channels;

/// <summary>Routes about whole channels.</summary>
internal static class ChannelsApi
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapDelete("/channels/{channel}/pause", Lift)
            .WithName("liftPauses")
            .WithSummary("End a channel's pauses before their time")
            .WithDescription("""
                Those that providers asked for: of the whole channel, of each push service, of each Telegram chat and push device, and of messages
                that were asked to come later. What waits for them goes within half a minute; a provider that is still busy says so
                again. Circuits stay as they are. Each use is logged.
                """)
            .Produces(StatusCodes.Status204NoContent)
            .Fails(503)
            .WithTags("Channels")
            .RequireAuthorization(Roles.Owner)
            .AddEndpointFilter(InTime.Filter);

    private static async Task<IResult> Lift(string channel, ClaimsPrincipal who, IGrainFactory grains)
    {
        if (!Enum.GetValues<Channel>().Any(known => Keys.Name(known) == channel)) return Problems.Invalid("channel", "Must be push, telegram or email.");
        await grains.GetGrain<IRateLimiterGrain>(channel).Lift(who.FindFirst("sub")?.Value ?? "");
        return TypedResults.NoContent();
    }
}
