using Microsoft.AspNetCore.Mvc;
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
        user.MapGet("", Get).WithTags("Users");
        user.MapPut("", Put).WithTags("Users");
        user.MapGet("/preferences", GetPreferences).WithTags("Users");
        user.MapPut("/preferences", PutPreferences).WithTags("Users");
        user.MapPost("/push-subscriptions", AddDevice).WithTags("Push");
        user.MapDelete("/push-subscriptions/{subscription_id}", RemoveDevice).WithTags("Push");
        UserMessagesApi.Map(user);
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
