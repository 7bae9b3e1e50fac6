using System.Buffers.Text;
using System.Security.Cryptography;

namespace OrleansNotify.Channels.Push;

/// <summary>A key pair by which push services know this sender (RFC 8292), base64url: the public key as an uncompressed point.</summary>
internal sealed record VapidKeys(string PublicKey, string PrivateKey)
{
    /// <summary>Makes a new pair.</summary>
    public static VapidKeys Generate()
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var parameters = pair.ExportParameters(includePrivateParameters: true);
        var point = new byte[MessageEncryption.PointSize];
        P256.Write(parameters.Q, point);
        return new VapidKeys(Base64Url.EncodeToString(point), Base64Url.EncodeToString(parameters.D));
    }

    /// <summary>Makes the key that signs.</summary>
    /// <exception cref="CryptographicException">The two do not belong together, or are no keys.</exception>
    public ECDsa Open() => ECDsa.Create(P256.Read(Base64Url.DecodeFromChars(PublicKey)) with { D = Base64Url.DecodeFromChars(PrivateKey) });

    public override string ToString() => $"VAPID {PublicKey}";
}
