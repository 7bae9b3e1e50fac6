using System.Collections.Immutable;

namespace OrleansNotify.Users;

/// <summary>What becomes of a profile whose addresses change, are found gone, or are used again.</summary>
internal static class AddressChange
{
    /// <summary>Gone addresses that are remembered of a user; beyond that the oldest is forgotten.</summary>
    public const int MostGone = 20;

    /// <summary>Other addresses. One that was found gone, now or before, stays disabled.</summary>
    public static Profile To(this Profile profile, string? email, string? chat)
    {
        var gone = Remembered(profile);
        return profile with
        {
            Addresses = profile.Addresses with { Email = email, TelegramChatId = chat },
            Gone = gone,
            Refused = profile.Refused.RemoveAll(each => each.Address != (each.Channel == Channel.Email ? email : chat)),
            Disabled =
            [
                .. gone.Where(each => each.Is(Channel.Email, email) || each.Is(Channel.Telegram, chat))
                    .Select(each => new DisabledAddress { Channel = each.Channel, Reason = each.Reason, At = each.At }),
            ],
        };
    }

    /// <summary>Unsubscribed from these types as well.</summary>
    public static Profile Without(this Profile profile, IEnumerable<string> types)
    {
        var preferences = profile.Preferences;
        return profile with { Preferences = preferences with { UnsubscribedTypes = [.. preferences.UnsubscribedTypes.Union(types)] } };
    }

    /// <summary>The current address of a channel is gone.</summary>
    public static Profile Disable(this Profile profile, Channel channel, string reason, DateTimeOffset at)
    {
        var disabled = new DisabledAddress { Channel = channel, Reason = reason, At = at };
        var after = profile with { Disabled = [.. profile.Disabled.Where(each => each.Channel != channel), disabled] };
        return after with { Gone = Remembered(after) };
    }

    /// <summary>The current address of a channel is used again.</summary>
    public static Profile Enable(this Profile profile, Channel channel)
    {
        var address = profile.Addresses.Of(channel);
        return profile with
        {
            Disabled = profile.Disabled.RemoveAll(each => each.Channel == channel),
            Gone = profile.Gone.RemoveAll(each => each.Is(channel, address)),
        };
    }

    // An older version has kept of a disabled address that it is, and not which one it is: the current one.
    private static ImmutableArray<GoneAddress> Remembered(Profile profile)
    {
        var current = profile.Disabled.Select(each => new GoneAddress
        {
            Channel = each.Channel,
            Address = profile.Addresses.Of(each.Channel)!,
            Reason = each.Reason,
            At = each.At,
        }).ToList();
        return [.. profile.Gone.Where(before => !current.Exists(each => each.Is(before.Channel, before.Address))).Concat(current).TakeLast(MostGone)];
    }
}
