using System.Net.Http.Headers;
using OrleansNotify.Delivery;

namespace OrleansNotify.Channels.Push;

/// <summary>What a push service's status means for one device (RFC 8030, section 5, and what the services do beyond it).</summary>
internal sealed record PushAnswer(OutcomeKind Kind, string Reason, TimeSpan? RetryAfter = null)
{
    private const string WindowsDomain = ".notify.windows.com";
    private static readonly TimeSpan WindowsThrottle = TimeSpan.FromSeconds(60);

    /// <summary>Reads an answer.</summary>
    /// <param name="status">Its HTTP status.</param>
    /// <param name="host">The push service's host.</param>
    /// <param name="retryAfter">Its <c>Retry-After</c>.</param>
    /// <param name="isOurKey">Whether the subscription was made for the VAPID key that we use now.</param>
    public static PushAnswer Read(int status, string host, TimeSpan? retryAfter, bool isOurKey) => status switch
    {
        200 or 201 or 202 => new(OutcomeKind.Sent, ""),
        400 or 413 => new(OutcomeKind.Rejected, $"{status}"),
        401 or 403 => isOurKey ? new(OutcomeKind.ChannelFault, $"{status}") : new(OutcomeKind.Rejected, "other_vapid_key"),
        404 or 410 => new(OutcomeKind.AddressGone, $"{status}"),
        406 when host.EndsWith(WindowsDomain, StringComparison.OrdinalIgnoreCase) => new(OutcomeKind.Busy, "406", retryAfter ?? WindowsThrottle),
        429 => new(OutcomeKind.Busy, "429", retryAfter),
        >= 500 => new(OutcomeKind.Retry, "5xx"),
        _ => new(OutcomeKind.Retry, "unlisted"),
    };

    /// <summary>How long a <c>Retry-After</c> asks to wait: seconds, or until a date; never negative (RFC 9110, section 10.2.3).</summary>
    public static TimeSpan? WaitOf(RetryConditionHeaderValue? header, DateTimeOffset now) => header switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date > now ? date - now : TimeSpan.Zero,
        _ => null,
    };
}
