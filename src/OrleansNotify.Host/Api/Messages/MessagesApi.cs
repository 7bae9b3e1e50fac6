using OrleansNotify.Host.Api.Docs;
using OrleansNotify.Host.Api.Errors;
using OrleansNotify.Host.Api.Input;
using OrleansNotify.Host.Auth;

namespace OrleansNotify.Host.Api.Messages;

/// <summary>Routes that ask for messages.</summary>
internal static class MessagesApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var messages = api.MapGroup("/messages").WithTags("Messages").RequireAuthorization(Roles.Service);
        messages.MapPost("", Send)
            .WithName("sendMessage")
            .WithSummary("Ask for a message to a user")
            .WithDescription("""
                Accepted and deferred mean stored: the message survives any process. Skipped means that the user's preferences or addresses
                forbid it; nothing is stored then. With an `idempotency_key` it is safe to ask again: within 24 h the same key answers
                `duplicate` and sends nothing.
                """)
            .Produces<Receipt>(StatusCodes.Status202Accepted)
            .Fails(404, 409, 429, 503)
            .AddEndpointFilter(InTime.Filter);
        messages.MapPost("/batch", SendBatch)
            .WithName("sendMessages")
            .WithSummary("Ask for up to 1,000 messages")
            .WithDescription("""
                The answer holds a receipt for each request, in the same order. One that is wrong is `rejected` with its `errors`, and spoils
                no other; `busy` and `unavailable` stand for what alone would have been a 429 or a 503. Requests for one user are taken in
                their order, different users side by side. A body may have 8 MiB.
                """)
            .Produces<Receipt[]>()
            .WithMetadata(new BodyLimit(Batch.MaxBytes));
    }

    private static async Task<IResult> Send(Body<MessageBody> body, IGrainFactory grains)
    {
        if (body.Value.Errors() is { } errors) return Problems.Invalid(errors);
        return ReceiptAnswer.Of(await grains.GetGrain<IUserGrain>(body.Value.UserId).Send(body.Value.Request()));
    }

    private static async Task<IResult> SendBatch(Batch batch, BatchSending sending) => TypedResults.Ok(await sending.Send(batch.Items));
}
