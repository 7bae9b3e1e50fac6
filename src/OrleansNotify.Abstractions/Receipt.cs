using System.Text.Json.Serialization;

namespace OrleansNotify;

/// <summary>What became of a request.</summary>
[GenerateSerializer, Alias("notify.ReceiptStatus")]
public enum ReceiptStatus
{
    /// <summary>Stored; it goes out as soon as its channel has a turn.</summary>
    Accepted,

    /// <summary>Stored; not before <see cref="Receipt.DeliverAt"/>.</summary>
    Deferred,

    /// <summary>Not stored, for the user's preferences or addresses forbid it; <see cref="Receipt.Reason"/> says which.</summary>
    Skipped,

    /// <summary>The idempotency key was used before; <see cref="Receipt.MessageId"/> is that of the first message.</summary>
    Duplicate,

    /// <summary>Not stored, for the request is wrong; <see cref="Receipt.Errors"/> names the fields.</summary>
    Rejected,

    /// <summary>Not stored, for the user's outbox is full; try again later.</summary>
    Busy,

    /// <summary>Not known to be stored, for the store, or a silo, did not answer; repeat it with the same idempotency key.</summary>
    Unavailable,
}

/// <summary>The answer to a request. Accepted and deferred mean stored: the message survives any process.</summary>
[GenerateSerializer, Immutable, Alias("notify.Receipt")]
public sealed record Receipt
{
    /// <summary>The message, or null where nothing was stored.</summary>
    [Id(0)]
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public Guid? MessageId { get; init; }

    /// <summary>What became of the request.</summary>
    [Id(1)]
    public required ReceiptStatus Status { get; init; }

    /// <summary>Why, as one of the documented words (<see cref="Reasons"/>).</summary>
    [Id(2)]
    public string? Reason { get; init; }

    /// <summary>The earliest time of delivery of a deferred message.</summary>
    [Id(3)]
    public DateTimeOffset? DeliverAt { get; init; }

    /// <summary>Of a rejected request, what is wrong with each field, by the field's JSON name.</summary>
    [Id(4)]
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }
}

/// <summary>The words in which a receipt or a timeline says why.</summary>
public static class Reasons
{
    /// <summary>The user has unsubscribed from the template's type.</summary>
    public const string Unsubscribed = "unsubscribed";

    /// <summary>The user has switched this alert type off.</summary>
    public const string AlertTypeDisabled = "alert_type_disabled";

    /// <summary>The user has switched this instrument off.</summary>
    public const string InstrumentDisabled = "instrument_disabled";

    /// <summary>The user has switched off every channel that the plan could have had.</summary>
    public const string ChannelDisabled = "channel_disabled";

    /// <summary>The user has no working address on any enabled channel.</summary>
    public const string NoAddress = "no_address";

    /// <summary>The cluster has no settings for the channels that the user could be reached by.</summary>
    public const string ChannelNotConfigured = "channel_not_configured";

    /// <summary>The request expires before it could first be sent.</summary>
    public const string ExpiresBeforeDelivery = "expires_before_delivery";

    /// <summary>The user's quiet hours.</summary>
    public const string QuietHours = "quiet_hours";

    /// <summary>The request's own <c>send_at</c>.</summary>
    public const string SendAt = "send_at";

    /// <summary>The Telegram chat takes one message a second, a group 20 a minute.</summary>
    public const string ChatLimit = "chat_limit";

    /// <summary>The channel's provider fails, or refuses us: its circuit is open, and from time to time one message tries it.</summary>
    public const string CircuitOpen = "circuit_open";

    /// <summary>The channel's provider, or a push service, asked to come later.</summary>
    public const string ChannelPaused = "channel_paused";

    /// <summary>The provider asked to come later to this Telegram chat, or to this push subscription.</summary>
    public const string AddressPaused = "address_paused";

    /// <summary>Nothing stands in its way: it waits for its turn, by the channel's limit or for room to send.</summary>
    public const string Turn = "turn";

    /// <summary>Its campaign is paused.</summary>
    public const string CampaignPaused = "campaign_paused";

    /// <summary>No profile was ever written for this user.</summary>
    public const string UnknownUser = "unknown_user";

    /// <summary>The idempotency key was used with another body.</summary>
    public const string IdempotencyKeyReused = "idempotency_key_reused";

    /// <summary>The user's outbox holds 500 messages, 256 KiB, or 2,000 idempotency keys.</summary>
    public const string OutboxFull = "outbox_full";

    /// <summary>The store does not answer, or takes no writes.</summary>
    public const string StoreUnavailable = "store_unavailable";

    /// <summary>A silo of the cluster does not answer; the others take its users over.</summary>
    public const string SiloUnavailable = "silo_unavailable";

    /// <summary>The host has as many requests as it takes at a time.</summary>
    public const string HostBusy = "host_busy";

    /// <summary>The message waited for its whole life.</summary>
    public const string TooOld = "too_old";

    /// <summary>Its template, or one of its variables, was not there for 15 minutes.</summary>
    public const string TemplateChanged = "template_changed";

    /// <summary>Three attempts ended with a dead silo.</summary>
    public const string Poison = "poison";

    /// <summary>Every channel of the plan has been tried in full.</summary>
    public const string PlanExhausted = "plan_exhausted";
}
