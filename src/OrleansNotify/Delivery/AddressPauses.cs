using OrleansNotify.Users;

namespace OrleansNotify.Delivery;

/// <summary>Which of a user's addresses an outcome pauses: the Telegram chat, or the push devices, that a provider asks to come to later.</summary>
internal static class AddressPauses
{
    /// <param name="channel">The channel.</param>
    /// <param name="outcome">The attempt's outcome.</param>
    /// <param name="tally">The channel's, with this outcome counted.</param>
    /// <param name="now">The store's time.</param>
    /// <returns>A chat, or a device's id, and until when.</returns>
    public static IEnumerable<(string Address, DateTimeOffset Until)> Of(Channel channel, Outcome outcome, Tally tally, DateTimeOffset now) => channel switch
    {
        Channel.Push => from device in outcome.Devices
                        where device.Kind == OutcomeKind.Busy
                        // Where another device took the push, nothing of this wait is counted in the tally: it is a second at least all the same.
                        select (device.SubscriptionId, now + Pauses.Clamp(device.RetryAfter ?? tally.BusyWait, tally.BusyWait)),
        Channel.Telegram when outcome is { Kind: OutcomeKind.Busy, Address: { } chat, NewChatId: null } => [(chat, tally.NotBefore!.Value)],
        _ => [],
    };
}
