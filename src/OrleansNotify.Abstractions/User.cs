using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace OrleansNotify;

/// <summary>What a caller may set of a user: every field is replaced, a null one is taken away.</summary>
[GenerateSerializer, Immutable, Alias("notify.UserUpdate")]
public sealed record UserUpdate
{
    /// <summary>The email address, such as <c>a@b.example</c>; at most 254 characters.</summary>
    [Id(0)]
    public string? Email { get; init; }

    /// <summary>The Telegram chat's id: an integer, negative for groups.</summary>
    [Id(1)]
    public string? TelegramChatId { get; init; }

    /// <summary>A BCP 47 language tag, such as <c>en</c> or <c>pt-BR</c>, in any case, with <c>-</c> or <c>_</c>; <c>en</c> where it is missing.</summary>
    [Id(2)]
    public string? Locale { get; init; }
}

/// <summary>A user's addresses, and which of them are disabled and why.</summary>
[GenerateSerializer, Immutable, Alias("notify.UserView")]
public sealed record UserView
{
    /// <summary>The email address.</summary>
    [Id(0)]
    public string? Email { get; init; }

    /// <summary>The Telegram chat's id.</summary>
    [Id(1)]
    public string? TelegramChatId { get; init; }

    /// <summary>The language.</summary>
    [Id(2)]
    public required string Locale { get; init; }

    /// <summary>Addresses that a provider said are gone: not used until they are changed to others, or an owner enables them.</summary>
    [Id(3)]
    public required ImmutableArray<DisabledAddress> Disabled { get; init; }

    /// <summary>The user's push devices.</summary>
    [Id(4)]
    public required ImmutableArray<PushSubscriptionView> PushSubscriptions { get; init; }

    /// <summary>Another one with every change of what this shows: what a <see cref="Precondition"/> names. Over HTTP it is the <c>ETag</c>.</summary>
    [Id(5)]
    [JsonIgnore]
    public long Version { get; init; }
}

/// <summary>An address that is not used any more, and why.</summary>
[GenerateSerializer, Immutable, Alias("notify.DisabledAddress")]
public sealed record DisabledAddress
{
    /// <summary>The address's channel.</summary>
    [Id(0)]
    public required Channel Channel { get; init; }

    /// <summary>What the provider said, such as <c>bounce 550 5.1.1</c>.</summary>
    [Id(1)]
    public required string Reason { get; init; }

    /// <summary>When.</summary>
    [Id(2)]
    public required DateTimeOffset At { get; init; }
}

/// <summary>A push device, without its secrets.</summary>
[GenerateSerializer, Immutable, Alias("notify.PushSubscriptionView")]
public sealed record PushSubscriptionView
{
    /// <summary>The subscription's id.</summary>
    [Id(0)]
    public required string Id { get; init; }

    /// <summary>The host of its endpoint.</summary>
    [Id(1)]
    public required string EndpointHost { get; init; }

    /// <summary>When it was added.</summary>
    [Id(2)]
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A browser's <c>PushSubscription</c> as its <c>toJSON()</c> gives it. What browsers and their libraries put beside this is ignored.</summary>
[GenerateSerializer, Immutable, Alias("notify.PushSubscription")]
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record PushSubscription
{
    /// <summary>The push service's URL for this device: HTTPS, on the allow-list, at most 2,048 characters.</summary>
    [Id(0)]
    public required string Endpoint { get; init; }

    /// <summary>The browser's hint when it ends, in milliseconds since 1970; browsers say null, and it is not used: the push service knows.</summary>
    [Id(1)]
    [JsonIgnore]
    public double? ExpirationTime { get; init; }

    /// <summary>The device's keys.</summary>
    [Id(2)]
    public required PushKeys Keys { get; init; }
}

/// <summary>The keys of a push device (RFC 8291, section 3.1), base64url as <c>toJSON()</c> gives them, or base64 as <c>btoa()</c> does.</summary>
[GenerateSerializer, Immutable, Alias("notify.PushKeys")]
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record PushKeys
{
    /// <summary>The device's public key: an uncompressed point on P-256, 65 bytes.</summary>
    [Id(0)]
    public required string P256dh { get; init; }

    /// <summary>The device's authentication secret: 16 bytes.</summary>
    [Id(1)]
    public required string Auth { get; init; }

    /// <summary>Says nothing of the keys, so that no log carries them.</summary>
    public override string ToString() => nameof(PushKeys);
}

/// <summary>A user's preferences. The defaults are those of a user who has set none.</summary>
[GenerateSerializer, Immutable, Alias("notify.Preferences")]
public sealed record Preferences
{
    /// <summary>Which channels are on.</summary>
    [Id(0)]
    public ChannelSwitches Channels { get; init; } = new();

    /// <summary>The instruments to hear of; empty means all. At most 200 of 64 characters.</summary>
    [Id(1)]
    public ImmutableArray<string> InstrumentsEnabled { get; init; } = [];

    /// <summary>The alert types to hear of; empty means all. At most 200 of 64 characters.</summary>
    [Id(2)]
    public ImmutableArray<string> AlertTypesEnabled { get; init; } = [];

    /// <summary>
    /// Template types that the user does not want, such as <c>education</c>; urgent templates are not affected. Changed by
    /// <see cref="IUserGrain.Unsubscribe"/> and <see cref="IUserGrain.Subscribe"/>, and by a change that names the version that it was made from.
    /// </summary>
    [Id(3)]
    public ImmutableArray<string> UnsubscribedTypes { get; init; } = [];

    /// <summary>When not to be disturbed.</summary>
    [Id(4)]
    public QuietHours QuietHours { get; init; } = new();

    /// <summary>Whether urgent templates pass the quiet hours.</summary>
    [Id(5)]
    public bool UrgentDuringQuietHours { get; init; } = true;

    /// <summary>The order of channels; each at most once. Channels left out are not used as a fallback.</summary>
    [Id(6)]
    public ImmutableArray<Channel> FallbackOrder { get; init; } = [Channel.Push, Channel.Telegram, Channel.Email];

    /// <summary>Another one with every change of them: what a <see cref="Precondition"/> names. Over HTTP it is the <c>ETag</c>.</summary>
    [Id(7)]
    [JsonIgnore]
    public long Version { get; init; }
}

/// <summary>Which channels are on.</summary>
[GenerateSerializer, Immutable, Alias("notify.ChannelSwitches")]
public sealed record ChannelSwitches
{
    /// <summary>Web push.</summary>
    [Id(0)]
    public bool Push { get; init; } = true;

    /// <summary>Telegram.</summary>
    [Id(1)]
    public bool Telegram { get; init; } = true;

    /// <summary>Email.</summary>
    [Id(2)]
    public bool Email { get; init; } = true;

    /// <summary>Whether this channel is on.</summary>
    public bool IsOn(Channel channel) => channel switch
    {
        Channel.Push => Push,
        Channel.Telegram => Telegram,
        _ => Email,
    };
}

/// <summary>A daily window in the user's own time zone, in which messages wait. Start is inside, end outside; it may cross midnight.</summary>
[GenerateSerializer, Immutable, Alias("notify.QuietHours")]
public sealed record QuietHours
{
    /// <summary>Whether the window holds; one whose start is its end is off.</summary>
    [Id(0)]
    public bool Enabled { get; init; }

    /// <summary>The first quiet minute, local time, written <c>HH:mm</c>.</summary>
    [Id(1)]
    public TimeOnly Start { get; init; } = new(22, 0);

    /// <summary>The first minute after it, local time, written <c>HH:mm</c>.</summary>
    [Id(2)]
    public TimeOnly End { get; init; } = new(7, 0);

    /// <summary>An IANA time zone id, such as <c>Europe/London</c>.</summary>
    [Id(3)]
    public string TimeZone { get; init; } = "UTC";
}
