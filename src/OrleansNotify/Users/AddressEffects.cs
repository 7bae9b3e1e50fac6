using OrleansNotify.Delivery;

namespace OrleansNotify.Users;

/// <summary>What an outcome says of the user's addresses. It acts only on the address that was tried, if that is still the current one.</summary>
internal static class AddressEffects
{
    public static Profile After(Profile profile, Guid message, Channel channel, OutcomeKind kind, Outcome outcome, DateTimeOffset now)
    {
        var addresses = profile.Addresses;
        if (channel == Channel.Push)
        {
            // While a service fails for everybody, nobody is blamed.
            var gone = outcome.Devices.Where(device => device is { Kind: OutcomeKind.AddressGone, OnTrial: false }).Select(device => device.SubscriptionId).ToHashSet();
            return gone.Count == 0
                ? profile
                : profile with { Addresses = addresses with { Devices = addresses.Devices.RemoveAll(device => gone.Contains(device.Id)) } };
        }

        var current = addresses.Of(channel);
        if (current is null || current != outcome.Address) return profile;
        if (outcome.NewChatId is { } moved && kind == OutcomeKind.Busy) return profile.To(addresses.Email, moved);
        return kind switch
        {
            OutcomeKind.Sent => Taken(profile, channel, current),
            _ when outcome.BlamesNobody => profile,
            OutcomeKind.AddressGone => profile.Disable(channel, channel == Channel.Email ? $"bounce {outcome.Reason}" : outcome.Reason, now),
            _ when outcome.Kind == OutcomeKind.Refused => Refuse(profile, channel, current, message),
            _ => profile,
        };
    }

    private static Profile Taken(Profile profile, Channel channel, string address) =>
        profile.Refused.Any(Is(channel, address)) ? profile with { Refused = profile.Refused.RemoveAll(new(Is(channel, address))) } : profile;

    private static Profile Refuse(Profile profile, Channel channel, string address, Guid message) =>
        profile.Refused.Any(Is(channel, address))
            ? profile
            : profile with
            {
                Refused =
                [
                    .. profile.Refused.Where(refused => refused.Channel != channel),
                    new RefusedAddress { Channel = channel, Address = address, Message = message },
                ],
            };

    private static Func<RefusedAddress, bool> Is(Channel channel, string address) => refused => refused.Channel == channel && refused.Address == address;
}
