using System.Security.Cryptography;

namespace OrleansNotify.Channels.Push;

/// <summary>Public keys on P-256 as web push writes them: uncompressed points, 0x04 and two coordinates of 32 bytes.</summary>
internal static class P256
{
    private const byte Uncompressed = 4;

    /// <summary>Reads a point; whether it is on the curve is found by whoever uses it.</summary>
    public static ECParameters Read(ReadOnlySpan<byte> point) => new()
    {
        Curve = ECCurve.NamedCurves.nistP256,
        Q = new ECPoint { X = point[1..33].ToArray(), Y = point[33..].ToArray() },
    };

    /// <summary>Writes a point.</summary>
    public static void Write(ECPoint point, Span<byte> to)
    {
        to[0] = Uncompressed;
        point.X.CopyTo(to[1..]);
        point.Y.CopyTo(to[33..]);
    }

    /// <summary>Whether these bytes are an uncompressed point on the curve.</summary>
    public static bool IsPoint(ReadOnlySpan<byte> point)
    {
        if (point.Length != MessageEncryption.PointSize || point[0] != Uncompressed) return false;
        try
        {
            using var key = ECDiffieHellman.Create(Read(point));
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
