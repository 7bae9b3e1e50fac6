using OrleansNotify.Storage;

namespace OrleansNotify.Metrics;

/// <summary>
/// Why requests are answered with 408, 429 or 503, in the words of <c>requests_refused_total</c>: the reason that the answer gives, and of the
/// store what ails it. A new word is listed here, so that its first refusal is seen as a rise from zero.
/// </summary>
internal static class Refusals
{
    /// <summary>All of them.</summary>
    public static readonly string[] All =
    [
        Reasons.HostBusy, Reasons.OutboxFull, Reasons.SiloUnavailable, Reasons.StoreUnavailable, DiskFull, BodyTooSlow, RateLimited, BoundedLabel.Other,
        .. Enum.GetValues<StoreTrouble>().Select(OfStore),
    ];

    /// <summary>The disk beneath the embedded store is nearly full.</summary>
    public const string DiskFull = "store_disk_full";

    /// <summary>The body came too slowly.</summary>
    public const string BodyTooSlow = "body_too_slow";

    /// <summary>The caller has its share of what the host does at a time.</summary>
    public const string RateLimited = "rate_limited";

    /// <summary>The word for what ails the store.</summary>
    public static string OfStore(StoreTrouble trouble) => "store_" + StoreTroubles.Word(trouble);
}
