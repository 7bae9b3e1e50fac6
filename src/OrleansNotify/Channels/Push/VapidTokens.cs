using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace OrleansNotify.Channels.Push;

/// <summary>The <c>Authorization</c> of a push (RFC 8292): a token signed for each push service, used again until an hour before its end.</summary>
internal sealed class VapidTokens : IDisposable
{
    /// <summary>How long a token holds; the RFC allows 24 h, and a service's clock may differ from ours.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(12);

    private const int MostServices = 1000;
    private static readonly TimeSpan UsedFor = Life - TimeSpan.FromHours(1);
    private static readonly string Header = Base64Url.EncodeToString("""{"typ":"JWT","alg":"ES256"}"""u8);

    private readonly ConcurrentDictionary<string, Issued> _issued = new(StringComparer.Ordinal);
    private readonly VapidKeys _keys;
    private readonly string _subject;
    private readonly TimeProvider _clock;
    private readonly ECDsa _signer;

    public VapidTokens(VapidKeys keys, string claimEmail, TimeProvider clock)
    {
        (_keys, _subject, _clock) = (keys, $"mailto:{claimEmail}", clock);
        _signer = keys.Open();
    }

    private sealed record Issued(string Authorization, DateTimeOffset At);

    /// <summary>The header's value for a push service.</summary>
    /// <param name="origin">Scheme and authority, with the port where it is not the scheme's own (RFC 6454, section 6.2).</param>
    public string Authorization(string origin)
    {
        var now = _clock.GetUtcNow();
        // A clock that was set back must not leave a token in use whose end lies more than a day away.
        if (_issued.TryGetValue(origin, out var issued) && now - issued.At < UsedFor && now >= issued.At) return issued.Authorization;

        // Subscriptions come from users, and a push service may have many names: what is kept is bounded.
        if (_issued.Count >= MostServices) _issued.Clear();
        issued = new Issued($"vapid t={Sign(origin, now)}, k={_keys.PublicKey}", now);
        _issued[origin] = issued;
        return issued.Authorization;
    }

    public void Dispose() => _signer.Dispose();

    private string Sign(string origin, DateTimeOffset now)
    {
        var claims = JsonSerializer.SerializeToUtf8Bytes(new { aud = origin, exp = (now + Life).ToUnixTimeSeconds(), sub = _subject });
        var signed = $"{Header}.{Base64Url.EncodeToString(claims)}";
        lock (_signer) return $"{signed}.{Base64Url.EncodeToString(_signer.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }
}
