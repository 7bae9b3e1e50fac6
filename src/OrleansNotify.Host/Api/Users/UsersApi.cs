using Microsoft.AspNetCore.Mvc;
using OrleansNotify.Host.Api.Docs;
using OrleansNotify.Host.Api.Errors;
using OrleansNotify.Host.Api.Input;
using OrleansNotify.Host.Auth;

namespace OrleansNotify.Host.Api.Users;

/// <summary>Routes about one user: addresses, preferences, push devices.</summary>
internal static class UsersApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var user = api.MapGroup("/users/{id}")
            .RequireAuthorization(Roles.User)
            .AddEndpointFilterFactory(UserRoute.Filter)
            .AddEndpointFilter(InTime.Filter);
        MapUser(user.MapGroup("").WithTags("Users"));
        MapDevices(user.MapGroup("/push-subscriptions").WithTags("Push"));
        UserMessagesApi.Map(user);
    }

    private static void MapUser(RouteGroupBuilder user)
    {
        user.MapGet("", Get)
            .WithName("getUser")
            .WithSummary("A user's addresses, and which of them are disabled and why")
            .Produces<UserView>()
            .Fails(404, 503);
        user.MapPut("", Put)
            .WithName("putUser")
            .WithSummary("Set a user's addresses and locale")
            .WithDescription("Every field is replaced; one that is missing or null is taken away. Makes the user known. A new address is enabled.")
            .Produces<UserView>()
            .Fails(503);
        user.MapGet("/preferences", GetPreferences)
            .WithName("getPreferences")
            .WithSummary("A user's preferences")
            .Produces<Preferences>()
            .Fails(404, 503);
        user.MapPut("/preferences", PutPreferences)
            .WithName("putPreferences")
            .WithSummary("Set a user's preferences")
            .WithDescription("All of them are replaced; a field that is missing takes its default. Makes the user known.")
            .Produces<Preferences>()
            .Fails(503);
    }

    private static void MapDevices(RouteGroupBuilder devices)
    {
        devices.MapPost("", AddDevice)
            .WithName("addPushSubscription")
            .WithSummary("Add a push device")
            .WithDescription("Takes the browser's `PushSubscription` as its `toJSON()` gives it. One with the same endpoint is replaced; at most 20 devices.")
            .Produces<PushDeviceId>(StatusCodes.Status201Created)
            .Fails(503);
        devices.MapDelete("/{subscription_id}", RemoveDevice)
            .WithName("removePushSubscription")
            .WithSummary("Take a push device away")
            .Produces(StatusCodes.Status204NoContent)
            .Fails(404, 503);
    }

    private static async Task<IResult> Get(string id, IGrainFactory grains) => Found(await grains.GetGrain<IUserGrain>(id).GetUser());

    private static async Task<IResult> Put(string id, Body<UserUpdate> body, IGrainFactory grains)
    {
        var user = grains.GetGrain<IUserGrain>(id);
        var change = await user.SetUser(body.Value);
        return change.Succeeded ? Found(await user.GetUser()) : Problems.Invalid(change.Errors);
    }

    private static async Task<IResult> GetPreferences(string id, IGrainFactory grains) =>
        Found(await grains.GetGrain<IUserGrain>(id).GetPreferences());

    private static async Task<IResult> PutPreferences(string id, Body<Preferences> body, IGrainFactory grains)
    {
        var user = grains.GetGrain<IUserGrain>(id);
        var change = await user.SetPreferences(body.Value);
        return change.Succeeded ? Found(await user.GetPreferences()) : Problems.Invalid(change.Errors);
    }

    private static async Task<IResult> AddDevice(string id, Body<PushSubscription> body, IGrainFactory grains)
    {
        var change = await grains.GetGrain<IUserGrain>(id).AddPushSubscription(body.Value);
        return change.Id is { } device ? TypedResults.Created((string?)null, new PushDeviceId(device)) : Problems.Invalid(change.Errors);
    }

    private static async Task<IResult> RemoveDevice(string id, [FromRoute(Name = "subscription_id")] string subscription, IGrainFactory grains) =>
        await grains.GetGrain<IUserGrain>(id).RemovePushSubscription(subscription)
            ? TypedResults.NoContent()
            : Problems.NotFound("push subscription");

    private static IResult Found<T>(T? view)
        where T : class => view is null ? Problems.NotFound("user", Reasons.UnknownUser) : TypedResults.Ok(view);
}

/// <summary>A push device that was added.</summary>
/// <param name="Id">The subscription's id, to take it away with.</param>
internal sealed record PushDeviceId(string Id);
