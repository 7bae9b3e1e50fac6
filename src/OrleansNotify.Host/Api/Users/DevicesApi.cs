using Microsoft.AspNetCore.Mvc;
using OrleansNotify.Host.Api.Docs;
using OrleansNotify.Host.Api.Errors;
using OrleansNotify.Host.Api.Input;

namespace OrleansNotify.Host.Api.Users;

/// <summary>Routes about one user's push devices.</summary>
internal static class DevicesApi
{
    public static void Map(RouteGroupBuilder devices)
    {
        devices.MapPost("", AddDevice)
            .WithName("addPushSubscription")
            .WithSummary("Add a push device")
            .WithDescription("""
                Takes the browser's `PushSubscription` as its `toJSON()` gives it; what else is in it is ignored. One with the same endpoint is
                replaced; of more than 20 devices the oldest is dropped.
                """)
            .Produces<PushDeviceId>(StatusCodes.Status201Created)
            .AnswersWith(201, "Location", "The device's address, to take it away.")
            .Fails(409, 503);
        devices.MapDelete("/{subscription_id}", RemoveDevice)
            .WithName("removePushSubscription")
            .WithSummary("Take a push device away")
            .Produces(StatusCodes.Status204NoContent)
            .Fails(404, 503);
    }

    private static async Task<IResult> AddDevice(string id, Body<PushSubscription> body, IGrainFactory grains)
    {
        var change = await grains.GetGrain<IUserGrain>(id).AddPushSubscription(body.Value);
        return change.Id is { } device ? TypedResults.Created($"/api/v1/users/{Uri.EscapeDataString(id)}/push-subscriptions/{device}", new PushDeviceId(device)) : UsersApi.Refused(change);
    }

    private static async Task<IResult> RemoveDevice(string id, [FromRoute(Name = "subscription_id")] string subscription, IGrainFactory grains) =>
        await grains.GetGrain<IUserGrain>(id).RemovePushSubscription(subscription)
            ? TypedResults.NoContent()
            : Problems.NotFound("push subscription");
}

/// <summary>A push device that was added.</summary>
/// <param name="Id">The subscription's id, to take it away with.</param>
internal sealed record PushDeviceId(string Id);
