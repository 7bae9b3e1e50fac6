using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using OrleansNotify.Users;

namespace OrleansNotify.Channels.Push;

/// <summary>What a browser's subscription must be, and the device that is made of it.</summary>
internal static class SubscriptionRules
{
    private const int LongestKey = 256, IdSize = 16;

    /// <summary>Checks a subscription. What is wrong with it, by field; empty when all is well, and then the device is not null.</summary>
    /// <param name="subscription">The subscription, as the browser gave it.</param>
    /// <param name="policy">Which endpoints may be called.</param>
    /// <param name="vapidKey">Our VAPID public key, for which it was made.</param>
    /// <param name="now">When it is added.</param>
    /// <param name="device">The device, or null.</param>
    public static IReadOnlyDictionary<string, string[]> Check(
        PushSubscription subscription, EndpointPolicy policy, string vapidKey, DateTimeOffset now, out PushDevice? device)
    {
        var errors = new Dictionary<string, string[]>();
        if (policy.Check(subscription.Endpoint, out _) is { } wrong) errors["endpoint"] = [wrong];
        var point = Decode(subscription.Keys.P256dh);
        if (!P256.IsPoint(point)) errors["keys.p256dh"] = ["Must be an uncompressed point on P-256, in base64url."];
        var auth = Decode(subscription.Keys.Auth);
        if (auth.Length != MessageEncryption.AuthSize) errors["keys.auth"] = ["Must be 16 bytes, in base64url."];
        device = errors.Count > 0 ? null : new PushDevice
        {
            Id = IdOf(subscription.Endpoint),
            Endpoint = subscription.Endpoint,
            P256dh = point,
            Auth = auth,
            VapidKey = vapidKey,
            CreatedAt = now,
        };
        return errors;
    }

    /// <summary>A subscription's id: the first 16 bytes of SHA-256 of its endpoint, base64url.</summary>
    public static string IdOf(string endpoint) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(endpoint)).AsSpan(0, IdSize));

    // Where a page does not use toJSON(), it has the bytes of getKey(), and btoa() for them.
    private static byte[] Decode(string text)
    {
        if (text.Length > LongestKey) return [];
        var url = text.Replace('+', '-').Replace('/', '_');
        return Base64Url.IsValid(url) ? Base64Url.DecodeFromChars(url) : [];
    }
}
