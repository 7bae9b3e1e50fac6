using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace OrleansNotify.Sandbox.Push;

/// <summary>A push service (RFC 8030), and the browsers behind it that decrypt what it hands them.</summary>
public sealed partial class PushService
{
    private const int LongestBody = 4096;

    private readonly ConcurrentDictionary<string, BrowserSubscription> _subscriptions = new(StringComparer.Ordinal);
    private readonly Inbox _inbox;
    private readonly Faults _faults;
    private readonly bool _countOnly;
    private readonly TimeProvider _clock;
    private readonly VapidCheck _vapid;
    private long _lastMessage;

    internal PushService(Inbox inbox, Faults faults, bool countOnly, TimeProvider clock)
    {
        (_inbox, _faults, _countOnly, _clock) = (inbox, faults, countOnly, clock);
        _vapid = new VapidCheck(clock);
    }

    /// <summary>Scheme and authority: the audience of tokens for it.</summary>
    public string Origin { get; internal set; } = "";

    /// <summary>Makes a subscription, as a browser does whose user allows it.</summary>
    /// <param name="vapidKey">The only VAPID public key whose pushes it takes, base64url; null for any.</param>
    public BrowserSubscription NewSubscription(string? vapidKey = null)
    {
        BrowserSubscription subscription = new(Origin, vapidKey);
        return _subscriptions[subscription.Id] = subscription;
    }

    /// <summary>Ends a subscription: from now on it is answered with 410. False if there is none.</summary>
    public bool Expire(string id) => _subscriptions.TryGetValue(id, out var subscription) && (subscription.IsExpired = true);

    internal async Task Answer(HttpContext http, string id)
    {
        var body = await Body(http);
        var fault = _faults.Take(Receiver.Push, id);
        if (!await fault.Before(http, _clock, planned => Reply(http, planned))) return;
        if (Check(http.Request, id, body) is { } error)
        {
            await http.Answer(error.Code, "application/json", error.ToJson());
            return;
        }

        var payload = Array.Empty<byte>();
        try
        {
            if (!_countOnly) payload = _subscriptions[id].Decrypt(body);
        }
        catch (CryptographicException unreadable)
        {
            // A real service does not look inside, and the browser would drop it without a word; here somebody wants to know.
            await http.Answer(400, "application/json", new PushError(400, 110, $"The device cannot decrypt it: {unreadable.Message}").ToJson());
            return;
        }

        var headers = http.Request.Headers;
        _inbox.Add(new DeliveredPush
        {
            To = id,
            Payload = payload,
            Ttl = int.Parse(headers["TTL"].ToString(), CultureInfo.InvariantCulture),
            Urgency = Optional(headers["Urgency"].ToString()),
            Topic = Optional(headers["Topic"].ToString()),
        });
        if (!fault.After(http)) return;
        http.Response.Headers.Location = $"{Origin}/message/{Interlocked.Increment(ref _lastMessage)}";
        http.Response.Headers["TTL"] = headers["TTL"];
        await http.Answer(201, "text/plain", default);
    }

    private PushError? Check(HttpRequest request, string id, byte[] body)
    {
        if (!_subscriptions.TryGetValue(id, out var subscription)) return PushError.Unknown;
        if (subscription.IsExpired) return PushError.Expired;
        var (key, unauthorized) = _vapid.Check(request.Headers.Authorization.ToString(), Origin);
        if (unauthorized is not null) return new PushError(401, 109, $"Invalid authorization: {unauthorized}");
        if (subscription.VapidKey is { } own && own != key) return new PushError(401, 109, "VAPID public key mismatch");
        if (!int.TryParse(request.Headers["TTL"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out _))
            return new PushError(400, 111, "Missing or invalid TTL header");
        if (!Urgency().IsMatch(request.Headers["Urgency"].ToString())) return new PushError(400, 112, "Invalid urgency");
        if (!Topic().IsMatch(request.Headers["Topic"].ToString())) return new PushError(400, 113, "Invalid topic");
        if (request.Headers.ContentEncoding != "aes128gcm") return new PushError(400, 110, "The content encoding is not aes128gcm");
        return body.Length > LongestBody ? PushError.Usual(413) : null;
    }

    private static async Task<byte[]> Body(HttpContext http)
    {
        var bytes = new byte[LongestBody + 1];
        var count = await http.Request.Body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, http.RequestAborted);
        return bytes[..count];
    }

    private static Task Reply(HttpContext http, Fault fault) => http.Answer(
        fault.Status,
        "application/json",
        fault.Text is { } text ? Encoding.UTF8.GetBytes(text) : PushError.Usual(fault.Status).ToJson(),
        fault.RetryAfter);

    private static string? Optional(string text) => text.Length > 0 ? text : null;

    [GeneratedRegex(@"^(|very-low|low|normal|high)\z")]
    private static partial Regex Urgency();

    [GeneratedRegex(@"^[A-Za-z0-9_-]{0,32}\z")]
    private static partial Regex Topic();
}
