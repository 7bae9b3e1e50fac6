using System.Collections.Immutable;
using OrleansNotify.RateLimiting;
using OrleansNotify.Templates;

namespace OrleansNotify.Users;

/// <summary>What a decision about a message is made from, beside the message: time, chance and what is known of the world.</summary>
internal sealed record Situation
{
    /// <summary>The store's time.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>This silo's wall clock: for quiet hours, <c>send_at</c> and <c>expires_at</c> alone.</summary>
    public required DateTimeOffset WallNow { get; init; }

    /// <summary>From 0 to below 1.</summary>
    public required double Chance { get; init; }

    public required Profile Profile { get; init; }

    /// <summary>Null where this silo does not know it.</summary>
    public required MessageTemplate? Template { get; init; }

    /// <summary>Whether the template can be rendered with the message's variables.</summary>
    public required bool Renderable { get; init; }

    /// <summary>The channels that the cluster has settings for.</summary>
    public required ImmutableArray<Channel> Configured { get; init; }

    /// <summary>Whether something was sent to somebody else over a channel since a time, by any silo.</summary>
    public Func<Channel, DateTimeOffset, bool> SentToOthersSince { get; init; } = (_, _) => false;

    /// <summary>How each channel stands, for an urgent message or for another.</summary>
    public Func<Channel, bool, ChannelView> View { get; init; } = (_, _) => ChannelView.Free;

    /// <summary>The moment that the message has to wait for if it is to go to the user's Telegram chat; null if it need not wait.</summary>
    public Func<DateTimeOffset?> ChatMoment { get; init; } = () => null;

    /// <summary>The status of the message's campaign, where a commit has met another than running; null while it is taken to run.</summary>
    public CampaignStatus? Campaign { get; init; }

    /// <summary>A time of the wall clock as the store's clock will show it.</summary>
    public DateTimeOffset ToStoreTime(DateTimeOffset wall) => Now + (wall - WallNow);
}
