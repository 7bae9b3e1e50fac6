using Microsoft.AspNetCore.Mvc;
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
                addresses forbid it; no message is stored then, but a trace that the user's messages show. With an `idempotency_key` (or the header
                `Idempotency-Key`) it is safe to ask again: within 24 h the same key answers `duplicate` (200) and sends nothing. Requests are
                compared by what they mean, not by how they are written.
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

    private static async Task<IResult> Send(Body<MessageBody> body, [FromHeader(Name = IdempotencyHeader.Name)] string? key, IGrainFactory grains)
    {
        if (Wrong(body.Value, key, out var request) is { } wrong) return wrong;
        return ReceiptAnswer.Of(await grains.GetGrain<IUserGrain>(body.Value.UserId).Send(request), body.Value.UserId);
    }

    private static IResult? Wrong(MessageBody body, string? header, out SendRequest request)
    {
        var (key, problem) = IdempotencyHeader.With(header, body.IdempotencyKey);
        request = body.Request() with { IdempotencyKey = key };
        return body.Errors() is { } errors ? Problems.Invalid(errors) : problem;
    }

    // A key that was used with another body, or a full outbox, is what is to be explained; only what has no answer at all fails.
    private static async Task<IResult> Explain(Body<MessageBody> body, [FromHeader(Name = IdempotencyHeader.Name)] string? key, Explaining explaining)
    {
        if (Wrong(body.Value, key, out var request) is { } wrong) return wrong;
        var explanation = await explaining.Explain(body.Value.UserId, request);
        return (explanation.Gates.IsEmpty ? ReceiptAnswer.Problem(explanation.Receipt, body.Value.UserId) : null) ?? TypedResults.Ok(explanation);
    }

    private static async Task<IResult> SendBatch(Batch batch, BatchSending sending) => TypedResults.Ok(await sending.Send(batch.Items));
}
