using OrleansNotify.Delivery;
using OrleansNotify.Users;

namespace OrleansNotify.RateLimiting;

/// <summary>How a channel stands for one message.</summary>
/// <param name="IsPassedOver">Other channels of the plan go first.</param>
/// <param name="NotBefore">Of push, when every one of the user's devices has to wait: until when. What a whole channel waits for waits in its lane.</param>
internal readonly record struct ChannelView(bool IsPassedOver, DateTimeOffset? NotBefore)
{
    public static ChannelView Free { get; } = new(false, null);

    /// <summary>Its circuit is open, or of push those of all services of the user's devices.</summary>
    public bool IsOpen { get; init; }

    /// <summary>What stands in the way; null where nothing does.</summary>
    public Obstacle? Obstacle { get; init; }

    /// <summary>How often an owner has lifted the channel's pauses.</summary>
    public int Lifts { get; init; }

    /// <param name="state">What this silo knows of the channel.</param>
    /// <param name="channel">The channel.</param>
    /// <param name="to">The user's addresses.</param>
    /// <param name="pausedUntil">Until when an address of the user, or a device by its id, is paused; null if it is not.</param>
    /// <param name="urgent">Whether the message is urgent.</param>
    /// <param name="now">The store's time.</param>
    public static ChannelView Of(
        ChannelState state, Channel channel, Addresses to, Func<string, DateTimeOffset?> pausedUntil, bool urgent, DateTimeOffset now)
    {
        ChannelView whole = new(IsSetBack(state.Whole, urgent, now), null)
        {
            IsOpen = state.Circuit is not null,
            Obstacle = state.Whole.ObstacleAt(now),
            Lifts = state.Lifts,
        };
        if (channel == Channel.Telegram && to.TelegramChatId is { } chat && pausedUntil(chat) is { } until)
            return whole with { IsPassedOver = whole.IsPassedOver || Pauses.IsLong(until - now, urgent), Obstacle = whole.Obstacle ?? new Obstacle(Reasons.AddressPaused, until) };
        if (channel != Channel.Push || to.Devices.IsEmpty) return whole;

        var devices = to.Devices.Select(device => (Service: state.Of(PushService.Of(device.Endpoint)) ?? new ServiceState(), Pause: pausedUntil(device.Id))).ToList();
        var open = whole.IsOpen || devices.All(device => device.Service.Circuit is not null);
        var waits = devices.Select(device => WaitOf(device.Service, device.Pause, now)).ToList();
        if (waits.Contains(null)) return whole with { IsOpen = open };
        var first = waits.MinBy(wait => wait!.Until)!;
        var passedOver = devices.All(device => IsSetBack(device.Service, urgent, now) || (device.Pause is { } pause && Pauses.IsLong(pause - now, urgent)));
        return whole with { IsPassedOver = whole.IsPassedOver || passedOver, NotBefore = first.Until, IsOpen = open, Obstacle = whole.Obstacle ?? first };
    }

    /// <summary>What one device has to wait for; null if it need not.</summary>
    private static Obstacle? WaitOf(ServiceState service, DateTimeOffset? pause, DateTimeOffset now)
    {
        var until = service.NotBefore(now);
        if (pause is { } end && !(until > end)) return new Obstacle(Reasons.AddressPaused, end);
        return until is null ? null : service.ObstacleAt(now);
    }

    private static bool IsSetBack(ServiceState state, bool urgent, DateTimeOffset now) =>
        (Pauses.IsOn(state.PausedUntil, now) && Pauses.IsLong(state.PausedUntil!.Value - now, urgent)) || state.Circuit?.IsPassedOver(urgent, now) == true;
}

/// <summary>What stands in a message's way on a channel, as one of the documented words, and until when.</summary>
internal sealed record Obstacle(string Reason, DateTimeOffset Until);

/// <summary>A push service, named by the origin of its endpoints.</summary>
internal static class PushService
{
    public static string Of(string endpoint) => new Uri(endpoint).GetLeftPart(UriPartial.Authority);
}
