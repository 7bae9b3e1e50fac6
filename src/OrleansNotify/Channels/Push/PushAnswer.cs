using OrleansNotify.Delivery;

namespace OrleansNotify.Channels.Push;

/// <summary>
/// What a push service's status means for one device (RFC 8030, section 5, and what the services do beyond it), and whom it speaks of. All of
/// them are tabled in docs/reference.md.
/// </summary>
internal sealed record PushAnswer(OutcomeKind Kind, string Reason, SpeaksOf SpeaksOf, TimeSpan? RetryAfter = null)
{
    private const string WindowsDomain = ".notify.windows.com";

    // Mozilla: "VAPID public key mismatch"; Apple: VapidPkHashMismatch; Google: "the credentials used to create the subscriptions", "the sender ID
    // used to subscribe this user", MismatchSenderId.
    private static readonly string[] OtherKey = ["mismatch", "used to create the subscription", "used to subscribe"];

    private static readonly TimeSpan WindowsThrottle = TimeSpan.FromSeconds(60);

    /// <summary>Reads an answer.</summary>
    /// <param name="status">Its HTTP status.</param>
    /// <param name="host">The push service's host.</param>
    /// <param name="retryAfter">Its <c>Retry-After</c>.</param>
    /// <param name="isOurKey">Whether the subscription came while the VAPID key that we use now was ours.</param>
    /// <param name="text">
    /// What it says of itself. A browser does not tell for which key it subscribed, so one subscription of another site's must not be read as
    /// a fault of our key, which would stop the service for everybody.
    /// </param>
    public static PushAnswer Read(int status, string host, TimeSpan? retryAfter, bool isOurKey, string text) => status switch
    {
        >= 200 and < 300 => new(OutcomeKind.Sent, "", SpeaksOf.Either),
        400 or 413 => new(OutcomeKind.Rejected, $"{status}", SpeaksOf.Recipient),
        401 or 403 when isOurKey && !IsOfOtherKey(text) => new(OutcomeKind.ChannelFault, $"{status}", SpeaksOf.Channel),
        401 or 403 => new(OutcomeKind.Rejected, "other_vapid_key", SpeaksOf.Recipient),
        404 or 410 => new(OutcomeKind.AddressGone, $"{status}", SpeaksOf.Recipient),
        406 when host.EndsWith(WindowsDomain, StringComparison.OrdinalIgnoreCase) =>
            new(OutcomeKind.Busy, "406", SpeaksOf.Either, retryAfter ?? WindowsThrottle),
        429 => new(OutcomeKind.Busy, "429", SpeaksOf.Either, retryAfter),
        >= 500 when retryAfter is not null => new(OutcomeKind.Busy, "5xx", SpeaksOf.Channel, retryAfter),
        >= 500 => new(OutcomeKind.Retry, "5xx", SpeaksOf.Channel),
        _ => new(OutcomeKind.Retry, "unlisted", SpeaksOf.Either),
    };

    private static bool IsOfOtherKey(string text) => Array.Exists(OtherKey, part => text.Contains(part, StringComparison.OrdinalIgnoreCase));
}
