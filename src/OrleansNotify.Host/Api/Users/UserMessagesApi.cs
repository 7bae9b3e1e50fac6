using Microsoft.AspNetCore.Mvc;
using OrleansNotify.Host.Api.Docs;
using OrleansNotify.Host.Api.Errors;
using OrleansNotify.Host.Api.Input;
using OrleansNotify.Users;

namespace OrleansNotify.Host.Api.Users;

/// <summary>Routes about the messages of one user.</summary>
internal static class UserMessagesApi
{
    public static void Map(RouteGroupBuilder user)
    {
        var messages = user.MapGroup("/messages").WithTags("Messages");
        messages.MapGet("", List)
            .WithName("listMessages")
            .WithSummary("A user's messages, newest first")
            .WithDescription("Unsettled messages, and of the settled ones what the history keeps: 200 of the last 30 days unless it is set otherwise. Requests that were skipped are among them, with the reason; of those the last 50.")
            .Produces<Page<MessageView>>()
            .Fails(404, 503);
        messages.MapGet("/{message_id}", Get)
            .WithName("getMessage")
            .WithSummary("A message with its timeline")
            .Produces<MessageView>()
            .Fails(404, 503);
        messages.MapDelete("/{message_id}", Cancel)
            .WithName("cancelMessage")
            .WithSummary("Withdraw a message")
            .WithDescription("Works while no attempt is running, also between retries. While one runs, and after settling, it is a 409 that says which.")
            .Produces(StatusCodes.Status204NoContent)
            .Fails(404, 409, 503);
    }

    private static async Task<IResult> List(string id, string? cursor, string? limit, IGrainFactory grains)
    {
        if (cursor is not null && !MessagePage.IsCursor(cursor)) return Problems.Invalid("cursor", "Must be the next_cursor of a page.");
        if (PageLimit.Read(limit) is not { } most) return Problems.Invalid("limit", PageLimit.Rule);
        var user = grains.GetGrain<IUserGrain>(id);
        var page = await user.ListMessages(cursor, most);
        return page.Items.IsEmpty && await user.GetUser() is null ? Problems.NotFound("user", Reasons.UnknownUser) : TypedResults.Ok(page);
    }

    private static async Task<IResult> Get(string id, [FromRoute(Name = "message_id")] string messageId, IGrainFactory grains)
    {
        if (!Guid.TryParseExact(messageId, "D", out var message)) return NotAnId;
        return await grains.GetGrain<IUserGrain>(id).GetMessage(message) is { } view ? TypedResults.Ok(view) : Problems.NotFound("message");
    }

    private static async Task<IResult> Cancel(string id, [FromRoute(Name = "message_id")] string messageId, IGrainFactory grains)
    {
        if (!Guid.TryParseExact(messageId, "D", out var message)) return NotAnId;
        return await grains.GetGrain<IUserGrain>(id).Cancel(message) switch
        {
            CancelResult.Cancelled => TypedResults.NoContent(),
            CancelResult.Sending => Problems.Conflict("An attempt is running; it can be cancelled again if that fails.", "sending"),
            CancelResult.Settled => Problems.Conflict("The message is settled: nothing more will happen.", "settled"),
            _ => Problems.NotFound("message"),
        };
    }

    private static IResult NotAnId => Problems.Invalid("message_id", "Must be a UUID.");
}
