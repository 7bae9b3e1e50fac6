using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace OrleansNotify.Sandbox.Push;

/// <summary>A subscription as a browser has it: what it tells its site, and the private key that it keeps.</summary>
public sealed class BrowserSubscription : IDisposable
{
    private readonly byte[] _auth = RandomNumberGenerator.GetBytes(16);
    private readonly ECDiffieHellman _key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);

    internal BrowserSubscription(string origin, string? vapidKey)
    {
        Id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24));
        (Endpoint, VapidKey) = ($"{origin}/push/{Id}", vapidKey);
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        PublicKey = [4, .. point.X!, .. point.Y!];
    }

    /// <summary>The last part of the endpoint.</summary>
    public string Id { get; }

    /// <summary>Where pushes for it go.</summary>
    public string Endpoint { get; }

    /// <summary>The device's public key, base64url.</summary>
    public string P256dh => Base64Url.EncodeToString(PublicKey);

    /// <summary>The device's authentication secret, base64url.</summary>
    public string Auth => Base64Url.EncodeToString(_auth);

    /// <summary>The VAPID public key that it was made for, base64url; null where it takes pushes of any.</summary>
    public string? VapidKey { get; }

    /// <summary>Whether it has expired.</summary>
    public bool IsExpired { get; internal set; }

    internal byte[] PublicKey { get; }

    /// <summary>What <c>PushSubscription.toJSON()</c> gives.</summary>
    public string ToJson() =>
        JsonSerializer.Serialize(new { endpoint = Endpoint, expirationTime = (double?)null, keys = new { p256dh = P256dh, auth = Auth } });

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    /// <inheritdoc/>
    public override string ToString() => Id;

    internal byte[] Decrypt(ReadOnlySpan<byte> body) => PushDecryption.Decrypt(body, _key, PublicKey, _auth);
}
