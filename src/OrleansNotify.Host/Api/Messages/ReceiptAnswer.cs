using OrleansNotify.Host.Api.Errors;

namespace OrleansNotify.Host.Api.Messages;

/// <summary>How a receipt is answered over HTTP.</summary>
internal static class ReceiptAnswer
{
    // How soon an outbox has room again depends on what lies in it; this only keeps callers from asking in a loop.
    private static readonly TimeSpan WhenBusy = TimeSpan.FromSeconds(10);

    /// <summary>202 where more will happen, and where to look at it; 200 where nothing will.</summary>
    public static IResult Of(Receipt receipt, string userId) => Problem(receipt, userId) ?? receipt switch
    {
        { Status: ReceiptStatus.Accepted or ReceiptStatus.Deferred, MessageId: { } message } =>
            TypedResults.Accepted($"/api/v1/users/{Uri.EscapeDataString(userId)}/messages/{message}", receipt),
        _ => TypedResults.Ok(receipt),
    };

    /// <summary>The error that it is; null where it is none.</summary>
    public static IResult? Problem(Receipt receipt, string userId) => receipt switch
    {
        { Status: ReceiptStatus.Rejected, Reason: Reasons.UnknownUser } => Problems.NotFound("user", Reasons.UnknownUser),
        { Status: ReceiptStatus.Rejected, Reason: Reasons.IdempotencyKeyReused } =>
            Problems.Conflict("The idempotency key was used within the last 24 h with another body.", Reasons.IdempotencyKeyReused),
        { Status: ReceiptStatus.Rejected } => Problems.Invalid(receipt.Errors ?? new Dictionary<string, string[]>(), receipt.Reason),
        { Status: ReceiptStatus.Busy } => Problems.Later(
            StatusCodes.Status429TooManyRequests, $"The outbox of user {userId} is full.", receipt.Reason ?? Reasons.OutboxFull, WhenBusy),
        { Status: ReceiptStatus.Unavailable } => StoreFaults.Answer(),
        _ => null,
    };
}
