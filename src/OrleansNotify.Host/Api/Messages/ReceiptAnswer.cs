using OrleansNotify.Host.Api.Errors;

namespace OrleansNotify.Host.Api.Messages;

/// <summary>How a receipt is answered over HTTP.</summary>
internal static class ReceiptAnswer
{
    // How soon an outbox has room again depends on what lies in it; this only keeps callers from asking in a loop.
    private static readonly TimeSpan WhenBusy = TimeSpan.FromSeconds(10);

    public static IResult Of(Receipt receipt, string userId) => receipt switch
    {
        { Status: ReceiptStatus.Rejected, Reason: Reasons.UnknownUser } => Problems.NotFound("user", Reasons.UnknownUser),
        { Status: ReceiptStatus.Rejected, Reason: Reasons.IdempotencyKeyReused } =>
            Problems.Conflict("The idempotency key was used within the last 24 h with another body.", Reasons.IdempotencyKeyReused),
        { Status: ReceiptStatus.Rejected } => Problems.Invalid(receipt.Errors ?? new Dictionary<string, string[]>(), receipt.Reason),
        { Status: ReceiptStatus.Busy } => Problems.Later(
            StatusCodes.Status429TooManyRequests, $"The outbox of user {userId} is full.", receipt.Reason ?? Reasons.OutboxFull, WhenBusy),
        { Status: ReceiptStatus.Unavailable } => StoreFaults.Answer(),
        _ => TypedResults.Accepted((string?)null, receipt),
    };
}
