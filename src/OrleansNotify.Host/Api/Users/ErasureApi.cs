using OrleansNotify.Host.Api.Docs;
using OrleansNotify.Host.Auth;

namespace OrleansNotify.Host.Api.Users;

/// <summary>Routes that give a person all that is kept of them, and erase it.</summary>
internal static class ErasureApi
{
    public static void Map(RouteGroupBuilder user)
    {
        user.MapDelete("", Erase)
            .WithName("eraseUser")
            .WithSummary("Erase a user")
            .WithDescription("""
                Takes away the user's addresses, devices, preferences, messages, history and dead letters, and the user's name in campaigns. What waits is
                not sent any more. What is being sent at that moment ends first: the answer is 202 then, the user is unknown already, and the rest follows by
                itself. What the user had unsubscribed from stays, by a keyed hash of the addresses, for whoever has them later. It is safe to ask again.
                """)
            .Produces(StatusCodes.Status202Accepted)
            .AnswersWith(202, "Location", "Where to ask for the user: a 404 while nobody has come back.")
            .Produces(StatusCodes.Status204NoContent)
            .Fails(404, 503)
            .RequireAuthorization(Roles.OwnerOrUser);
        user.MapGet("/export", Export)
            .WithName("exportUser")
            .WithSummary("All that is kept of a user")
            .WithDescription("""
                Addresses and preferences, devices without their keys, messages and dead letters with their variables, what was skipped, idempotency keys and
                campaigns.
                """)
            .Produces<UserExport>()
            .Fails(404, 503)
            .RequireAuthorization(Roles.OwnerOrUser);
    }

    private static async Task<IResult> Erase(string id, IGrainFactory grains) => await grains.GetGrain<IUserGrain>(id).Erase() switch
    {
        EraseResult.Erased => TypedResults.NoContent(),
        EraseResult.Sending => TypedResults.Accepted($"/api/v1/users/{Uri.EscapeDataString(id)}"),
        _ => UsersApi.Unknown,
    };

    private static async Task<IResult> Export(string id, IGrainFactory grains) =>
        await grains.GetGrain<IUserGrain>(id).Export() is { } export ? TypedResults.Ok(export) : UsersApi.Unknown;
}
