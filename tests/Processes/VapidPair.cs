using System.Buffers.Text;
using System.Security.Cryptography;

namespace OrleansNotify.Tests.Processes;

/// <summary>A VAPID key pair in base64url, as <c>vapid generate</c> prints it.</summary>
internal sealed record VapidPair(string PublicKey, string PrivateKey)
{
    public static VapidPair Make()
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var parts = pair.ExportParameters(includePrivateParameters: true);
        return new VapidPair(Base64Url.EncodeToString([4, .. parts.Q.X!, .. parts.Q.Y!]), Base64Url.EncodeToString(parts.D!));
    }
}
