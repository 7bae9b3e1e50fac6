using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace OrleansNotify.Sandbox.Push;

/// <summary>Checks the <c>Authorization</c> of a push (RFC 8292): signature, audience, end and subject.</summary>
internal sealed partial class VapidCheck(TimeProvider clock)
{
    private static readonly TimeSpan LongestLife = TimeSpan.FromHours(24);

    // What was checked once needs only its end looked at again.
    private readonly ConcurrentDictionary<string, (string Key, DateTimeOffset Ends)> _known = new(StringComparer.Ordinal);

    /// <summary>Reads the header: the public key of whoever signed it, or what is wrong.</summary>
    public (string? Key, string? Error) Check(string header, string origin)
    {
        if (!_known.TryGetValue(header, out var known))
        {
            var (read, error) = Read(header, origin);
            if (error is not null) return (null, error);
            known = _known[header] = read;
        }

        var left = known.Ends - clock.GetUtcNow();
        if (left <= TimeSpan.Zero) return (null, "exp has passed");
        return left > LongestLife ? (null, "exp is more than 24 hours away") : (known.Key, null);
    }

    private static ((string Key, DateTimeOffset Ends) Read, string? Error) Read(string header, string origin)
    {
        if (Form().Match(header) is not { Success: true } match) return (default, "not of the form vapid t=…, k=…");
        var (signed, signature, key) = (match.Groups["signed"].Value, match.Groups["signature"].Value, match.Groups["key"].Value);
        try
        {
            if (!Verify(signed, signature, key)) return (default, "the signature does not fit");
            var parts = signed.Split('.');
            using var head = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[0]));
            using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));
            if (head.RootElement.GetProperty("alg").GetString() != "ES256") return (default, "alg is not ES256");
            if (claims.RootElement.GetProperty("aud").GetString() != origin) return (default, "aud is not this service");
            if (!Subject().IsMatch(claims.RootElement.GetProperty("sub").GetString()!)) return (default, "sub is no mailto: or https: URL");
            return ((key, DateTimeOffset.FromUnixTimeSeconds(claims.RootElement.GetProperty("exp").GetInt64())), null);
        }
        catch (Exception fault) when (fault is CryptographicException or JsonException or FormatException or KeyNotFoundException
            or InvalidOperationException or ArgumentException)
        {
            return (default, "the token cannot be read");
        }
    }

    private static bool Verify(string signed, string signature, string key)
    {
        var point = Base64Url.DecodeFromChars(key);
        if (point.Length != 65 || point[0] != 4) return false;
        using var signer = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = point[1..33], Y = point[33..] },
        });
        return signer.VerifyData(Encoding.ASCII.GetBytes(signed), Base64Url.DecodeFromChars(signature), HashAlgorithmName.SHA256);
    }

    [GeneratedRegex(@"^vapid t=(?<signed>[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)\.(?<signature>[A-Za-z0-9_-]+), ?k=(?<key>[A-Za-z0-9_-]+)\z")]
    private static partial Regex Form();

    [GeneratedRegex(@"^(mailto:[^@\s]+@[^@\s]+|https://\S+)\z")]
    private static partial Regex Subject();
}
