using OrleansNotify.Delivery;
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
                Accepted and deferred (202) mean stored: the message survives any process. Skipped (200) means that the user's preferences or
                addresses forbid it; nothing is stored then. With an `idempotency_key` it is safe to ask again: within 24 h the same key answers
                `duplicate` (200) and sends nothing.
                """)
            .Produces<Receipt>()
            .Produces<Receipt>(StatusCodes.Status202Accepted)
            .AnswersWith(202, "Location", "Where to look at the message.")
            .Fails(404, 409, 429, 503)
            .AddEndpointFilter(InTime.Filter);
        messages.MapPost("/explain", Explain)
            .WithName("explainMessage")
            .WithSummary("See what a request would become, and why")
            .WithDescription("""
                Takes what asks for a message, and does nothing with it: answers the receipt that it would get, each gate that it passes with its
                verdict, the plan, and how each channel stands: what is in its way, its circuit, how many messages would go first, and when its
                rate limit has a permit.
                """)
            .Produces<Explanation>()
            .Fails(404, 503)
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
        return ReceiptAnswer.Of(await grains.GetGrain<IUserGrain>(body.Value.UserId).Send(body.Value.Request()), body.Value.UserId);
    }

    // A key that was used with another body, or a full outbox, is what is to be explained; only what has no answer at all fails.
    private static async Task<IResult> Explain(Body<MessageBody> body, Explaining explaining)
    {
        if (body.Value.Errors() is { } errors) return Problems.Invalid(errors);
        var explanation = await explaining.Explain(body.Value.UserId, body.Value.Request());
        return (explanation.Gates.IsEmpty ? ReceiptAnswer.Problem(explanation.Receipt, body.Value.UserId) : null) ?? TypedResults.Ok(explanation);
    }

    private static async Task<IResult> SendBatch(Batch batch, BatchSending sending) => TypedResults.Ok(await sending.Send(batch.Items));
}
