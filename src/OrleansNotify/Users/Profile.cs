using System.Collections.Immutable;

namespace OrleansNotify.Users;

/// <summary>What is stored of a user beside messages. The <c>user</c> grain state.</summary>
[GenerateSerializer, Immutable, Alias("notify.Profile")]
internal sealed record Profile
{
    public const string DefaultLocale = "en";

    /// <summary>Whether it was ever written.</summary>
    [Id(0)]
    public bool Known { get; init; }

    [Id(1)]
    public Preferences Preferences { get; init; } = new();

    [Id(2)]
    public string Locale { get; init; } = DefaultLocale;

    [Id(3)]
    public Addresses Addresses { get; init; } = new();

    /// <summary>Addresses that are not used any more, at most one for each channel.</summary>
    [Id(4)]
    public ImmutableArray<DisabledAddress> Disabled { get; init; } = [];

    public UserView View() => new()
    {
        Email = Addresses.Email,
        TelegramChatId = Addresses.TelegramChatId,
        Locale = Locale,
        Disabled = Disabled,
        PushSubscriptions =
        [
            .. Addresses.Devices.Select(device => new PushSubscriptionView
            {
                Id = device.Id,
                EndpointHost = new Uri(device.Endpoint).Host,
                CreatedAt = device.CreatedAt,
            }),
        ],
    };
}

/// <summary>Where a user can be reached.</summary>
[GenerateSerializer, Immutable, Alias("notify.Addresses")]
internal sealed record Addresses
{
    [Id(0)]
    public string? Email { get; init; }

    [Id(1)]
    public string? TelegramChatId { get; init; }

    /// <summary>At most 20.</summary>
    [Id(2)]
    public ImmutableArray<PushDevice> Devices { get; init; } = [];

    /// <summary>Whether there is one for a channel.</summary>
    public bool Has(Channel channel) => channel switch
    {
        Channel.Push => !Devices.IsEmpty,
        Channel.Telegram => TelegramChatId is not null,
        _ => Email is not null,
    };

    /// <summary>Says nothing of the addresses, so that no log carries them.</summary>
    public override string ToString() => nameof(Addresses);
}

/// <summary>A push subscription as it is stored.</summary>
[GenerateSerializer, Immutable, Alias("notify.PushDevice")]
internal sealed record PushDevice
{
    /// <summary>The subscription's id: the first 16 bytes of SHA-256 of the endpoint, base64url.</summary>
    [Id(0)]
    public required string Id { get; init; }

    [Id(1)]
    public required string Endpoint { get; init; }

    /// <summary>The device's public key, 65 bytes.</summary>
    [Id(2)]
    public required byte[] P256dh { get; init; }

    /// <summary>The device's authentication secret, 16 bytes.</summary>
    [Id(3)]
    public required byte[] Auth { get; init; }

    /// <summary>The VAPID public key that the subscription was made for, base64url; a service refuses any other.</summary>
    [Id(4)]
    public required string VapidKey { get; init; }

    [Id(5)]
    public required DateTimeOffset CreatedAt { get; init; }

    public override string ToString() => $"{nameof(PushDevice)} {Id}";
}
