using OrleansNotify.Users;

namespace OrleansNotify.RateLimiting;

/// <summary>How a channel stands for one message.</summary>
/// <param name="IsPassedOver">Other channels of the plan go first.</param>
/// <param name="NotBefore">Of push, when every service of the user's devices asks to wait: until when. What a whole channel waits for waits in its lane.</param>
internal readonly record struct ChannelView(bool IsPassedOver, DateTimeOffset? NotBefore)
{
    public static ChannelView Free { get; } = new(false, null);

    public static ChannelView Of(ChannelState state, Channel channel, Addresses to, bool urgent, DateTimeOffset now)
    {
        var whole = IsSetBack(state.PausedUntil, state.Circuit, urgent, now);
        if (channel != Channel.Push) return new ChannelView(whole, null);
        var services = to.Devices.Select(device => state.Of(PushService.Of(device.Endpoint))).ToList();
        if (services.Count == 0 || services.Any(service => service?.NotBefore(now) is null)) return new ChannelView(whole, null);
        var passedOver = services.All(service => IsSetBack(service!.PausedUntil, service.Circuit, urgent, now));
        return new ChannelView(whole || passedOver, services.Min(service => service!.NotBefore(now)));
    }

    private static bool IsSetBack(DateTimeOffset? pausedUntil, Delivery.Circuit? circuit, bool urgent, DateTimeOffset now) =>
        pausedUntil - now > Decision.LongWait || circuit?.IsPassedOver(urgent, now) == true;
}

/// <summary>A push service, named by the origin of its endpoints.</summary>
internal static class PushService
{
    public static string Of(string endpoint) => new Uri(endpoint).GetLeftPart(UriPartial.Authority);
}
