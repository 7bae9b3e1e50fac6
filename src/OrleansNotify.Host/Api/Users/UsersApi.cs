using OrleansNotify.Host.Api.Docs;
using OrleansNotify.Host.Api.Errors;
using OrleansNotify.Host.Api.Input;
using OrleansNotify.Host.Auth;

namespace OrleansNotify.Host.Api.Users;

/// <summary>Routes about one user: addresses and locale; beside them the routes of <see cref="PreferencesApi"/>, of devices and of messages.</summary>
internal static class UsersApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var user = api.MapGroup("/users/{id}")
            .RequireAuthorization(Roles.User)
            .WithMetadata(new BodyLimit(BodyLimit.Small))
            .AddEndpointFilterFactory(UserRoute.Filter)
            .AddEndpointFilter(InTime.Filter);
        MapUser(user.MapGroup("").WithTags("Users"));
        ErasureApi.Map(user.MapGroup("").WithTags("Users"));
        PreferencesApi.Map(user.MapGroup("").WithTags("Users").WithMetadata(new BodyLimit(BodyLimit.Lists)));
        DevicesApi.Map(user.MapGroup("/push-subscriptions").WithTags("Push"));
        UserMessagesApi.Map(user);
    }

    private static void MapUser(RouteGroupBuilder user)
    {
        user.MapGet("", Get)
            .WithName("getUser")
            .WithSummary("A user's addresses, and which of them are disabled and why")
            .Produces<UserView>()
            .Produces(StatusCodes.Status304NotModified)
            .Fails(404, 503);
        user.MapPut("", Put)
            .WithName("putUser")
            .WithSummary("Set a user's addresses and locale")
            .WithDescription("""
                Every field is replaced; one that is missing or null is taken away. What `GET` answers is taken; `disabled` and
                `push_subscriptions` are ignored. Makes the user known. An address that a provider said is gone stays disabled, also where it was
                changed to another and back; an owner can enable it.
                """)
            .Produces<UserView>()
            .Fails(404, 409, 503);
        user.MapPatch("", Patch)
            .WithName("patchUser")
            .WithSummary("Change some of a user's addresses and locale")
            .WithDescription("A JSON merge patch (RFC 7396), as `application/merge-patch+json` or `application/json`: a null takes a field away.")
            .Produces<UserView>()
            .Fails(404, 409, 503);
        user.MapPost("/addresses/{channel}/enable", Enable)
            .WithName("enableAddress")
            .WithSummary("Use a disabled address again")
            .WithDescription("For an owner who knows that the address lives. Where it is not disabled, nothing changes.")
            .Produces<UserView>()
            .Fails(404, 409, 503)
            .RequireAuthorization(Roles.Owner);
    }

    private static async Task<IResult> Get(string id, Conditions when, IGrainFactory grains) =>
        await grains.GetGrain<IUserGrain>(id).GetUser() is { } view ? when.Answer(view, view.Version) : Unknown;

    private static async Task<IResult> Put(string id, Body<UserBody> body, Conditions when, IGrainFactory grains)
    {
        var user = grains.GetGrain<IUserGrain>(id);
        return await Answer(user, await user.SetUser(body.Value.Update(), when.When));
    }

    private static async Task<IResult> Patch(string id, MergePatch patch, Conditions when, IGrainFactory grains)
    {
        var user = grains.GetGrain<IUserGrain>(id);
        for (var tries = 0; tries < MergePatch.MostTries; tries++)
        {
            var view = await user.GetUser();
            if (!when.When.Holds(view?.Version)) return Conditions.Stale;
            if (view is null) return Unknown;
            var (merged, errors) = patch.Apply(UserBody.Of(view));
            if (merged is null) return Problems.Invalid(errors!);
            var change = await user.SetUser(merged.Update(), Precondition.Version(view.Version));
            if (!change.Stale) return await Answer(user, change);
        }

        return MergePatch.Busy;
    }

    private static async Task<IResult> Enable(string id, string channel, IGrainFactory grains)
    {
        if (ChannelOf(channel) is not { } address) return Problems.Invalid("channel", "Must be email or telegram: a push device that is gone is deleted.");
        if (await grains.GetGrain<IUserGrain>(id).EnableAddress(address) is not { } view) return Unknown;
        return (address == Channel.Email ? view.Email : view.TelegramChatId) is null
            ? Problems.Conflict("The user has no such address.", Reasons.NoAddress)
            : Conditions.Changed(view, view.Version);
    }

    private static Channel? ChannelOf(string name) => name switch
    {
        "email" => Channel.Email,
        "telegram" => Channel.Telegram,
        _ => null,
    };

    private static async Task<IResult> Answer(IUserGrain user, ChangeResult change)
    {
        if (!change.Succeeded) return Refused(change);
        return await user.GetUser() is { } view ? Conditions.Changed(view, view.Version) : Unknown;
    }

    /// <summary>The answer to a change that was not made.</summary>
    public static IResult Refused(ChangeResult change) => change switch
    {
        { Erasing: true } => Problems.Conflict("The user is being erased; when that is done, a user with this id can be made anew.", "erasing"),
        { Stale: true } => Conditions.Stale,
        _ => Problems.Invalid(change.Errors),
    };

    /// <summary>The answer where there is no such user.</summary>
    public static IResult Unknown => Problems.NotFound("user", Reasons.UnknownUser);
}
