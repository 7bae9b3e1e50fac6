using System.Collections.Immutable;

namespace OrleansNotify.Users;

/// <summary>What follows for a message that is not being sent.</summary>
internal abstract record Next
{
    private Next()
    {
    }

    /// <summary>It is ready: the first channel of its plan, now or as soon as that has a turn.</summary>
    internal sealed record Ready(ImmutableArray<Channel> Plan) : Next;

    /// <summary>Nothing before a time of the store's clock, which is <paramref name="DeliverAt"/> on the wall.</summary>
    internal sealed record Hold(
        DateTimeOffset Until, MessageStatus Status, string Reason, ImmutableArray<Channel> Plan, DateTimeOffset? DeliverAt = null) : Next
    {
        /// <summary>It waits for a pause, which an owner may end before its time.</summary>
        public bool MayBeLifted { get; init; }
    }

    /// <summary>Its campaign takes it back: as if it had not been made.</summary>
    internal sealed record HandBack : Next;

    /// <summary>It settles.</summary>
    internal sealed record End(MessageStatus Status, string? Reason) : Next;
}
