using System.Collections.Immutable;
using OrleansNotify.Storage;

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

    /// <summary>Addresses that were found gone, the current ones among them; see <see cref="AddressChange"/>.</summary>
    [Id(10)]
    public ImmutableArray<GoneAddress> Gone { get; init; } = [];

    /// <summary>Other ones with every change of what is shown of the user, and of the preferences. No number comes twice.</summary>
    [Id(11)]
    public long UserVersion { get; init; }

    /// <inheritdoc cref="UserVersion"/>
    [Id(12)]
    public long PreferencesVersion { get; init; }

    /// <summary>The user is being erased: unknown already, and nothing else of this record is left.</summary>
    [Id(13)]
    public bool Erasing { get; init; }

    /// <summary>This profile with the versions that it has where it follows another.</summary>
    public Profile After(Profile before, DateTimeOffset now)
    {
        var isNew = !before.Known;
        return this with
        {
            UserVersion = isNew || !before.View().IsSame(View()) ? Next(before.UserVersion) : before.UserVersion,
            PreferencesVersion = isNew || !before.Preferences.IsSame(Preferences) ? Next(before.PreferencesVersion) : before.PreferencesVersion,
        };

        // By the clock as well: a user who was erased and is made anew must not count from the start again.
        long Next(long version) => Math.Max(version + 1, StoreClock.ToMicroseconds(now));
    }

    /// <summary>Addresses that a provider refused, until it takes something for them; at most one for each channel.</summary>
    [Id(20)]
    public ImmutableArray<RefusedAddress> Refused { get; init; } = [];

    /// <summary>Whether another message to this address was refused before, and none was taken since.</summary>
    public bool IsRefused(Channel channel, string? address, Guid message) =>
        Refused.Any(refused => refused.Channel == channel && refused.Address == address && refused.Message != message);

    public UserView View() => new()
    {
        Version = UserVersion,
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

/// <summary>An address that a provider refused, without saying whose fault it is.</summary>
[GenerateSerializer, Immutable, Alias("notify.RefusedAddress")]
internal sealed record RefusedAddress
{
    [Id(0)]
    public required Channel Channel { get; init; }

    [Id(1)]
    public required string Address { get; init; }

    /// <summary>The first message that was refused.</summary>
    [Id(2)]
    public required Guid Message { get; init; }

    /// <summary>Says nothing of the address, so that no log carries it.</summary>
    public override string ToString() => $"{nameof(RefusedAddress)} {Channel}";
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

    /// <summary>The one address of a channel; null for push.</summary>
    public string? Of(Channel channel) => channel switch
    {
        Channel.Push => null,
        Channel.Telegram => TelegramChatId,
        _ => Email,
    };

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
