namespace OrleansNotify.Delivery;

/// <summary>What became of a test message.</summary>
/// <param name="Sent">Whether the provider took it over.</param>
/// <param name="MessageId">The id that it went under; it is in no history.</param>
/// <param name="DeliveryTimeMs">From the request to the provider's answer, in milliseconds.</param>
/// <param name="Error">Why not: a reason such as <c>no_address</c>, or the provider's in a word. Null if it was sent.</param>
/// <param name="Detail">The provider's answer; null where there was none.</param>
internal sealed record TestResult(bool Sent, Guid MessageId, long DeliveryTimeMs, string? Error, string? Detail = null)
{
    /// <summary>What is wrong with the request, by the field's JSON name; nothing was tried then.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }
}
