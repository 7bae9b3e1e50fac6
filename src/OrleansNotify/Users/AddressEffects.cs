using OrleansNotify.Delivery;

namespace OrleansNotify.Users;

/// <summary>What an outcome says of the user's addresses. It acts only on the address that was tried, if that is still the current one.</summary>
internal static class AddressEffects
{
    public static Profile After(Profile profile, Channel channel, OutcomeKind kind, Outcome outcome, DateTimeOffset now)
    {
        var addresses = profile.Addresses;
        if (channel == Channel.Push)
        {
            var gone = outcome.Devices.Where(device => device.Kind == OutcomeKind.AddressGone).Select(device => device.SubscriptionId).ToHashSet();
            return gone.Count == 0
                ? profile
                : profile with { Addresses = addresses with { Devices = addresses.Devices.RemoveAll(device => gone.Contains(device.Id)) } };
        }

        var current = addresses.Of(channel);
        if (current is null || current != outcome.Address) return profile;
        if (kind == OutcomeKind.AddressGone)
            return profile.Disable(channel, channel == Channel.Email ? $"bounce {outcome.Reason}" : outcome.Reason, now);
        return outcome.NewChatId is { } moved ? profile.To(addresses.Email, moved) : profile;
    }
}
