using System.Buffers.Binary;
using System.Security.Cryptography;

namespace OrleansNotify.Sandbox.Push;

/// <summary>
/// Decrypts a push as a browser does (RFC 8188 and 8291), written from the RFCs' own formulas so that it does not merely agree with the sender.
/// </summary>
internal static class PushDecryption
{
    private const int SaltSize = 16, HeaderSize = SaltSize + 4 + 1, PointSize = 65, TagSize = 16;

    /// <summary>Decrypts a body of one record.</summary>
    /// <exception cref="CryptographicException">It is not such a body, or not for this device.</exception>
    public static byte[] Decrypt(ReadOnlySpan<byte> body, ECDiffieHellman device, byte[] devicePoint, byte[] auth)
    {
        if (body.Length < HeaderSize + PointSize + TagSize + 1) throw new CryptographicException("The body is too short.");
        var salt = body[..SaltSize].ToArray();
        var recordSize = BinaryPrimitives.ReadUInt32BigEndian(body[SaltSize..]);
        if (body[HeaderSize - 1] != PointSize || body[HeaderSize] != 4) throw new CryptographicException("The key id is not a point.");
        var senderPoint = body.Slice(HeaderSize, PointSize).ToArray();
        var record = body[(HeaderSize + PointSize)..];
        if (recordSize < 18 || record.Length > recordSize) throw new CryptographicException("The record is longer than the record size.");

        using var sender = ECDiffieHellman.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = senderPoint[1..33], Y = senderPoint[33..] },
        });
        // ecdh_secret; PRK_key; IKM; PRK; CEK; NONCE: the names of RFC 8291, section 3.4, and RFC 8188, section 2.
        var secret = device.DeriveRawSecretAgreement(sender.PublicKey);
        var keyMaterial = HMACSHA256.HashData(auth, secret);
        var input = HMACSHA256.HashData(keyMaterial, (byte[])[.. "WebPush: info\0"u8, .. devicePoint, .. senderPoint, 1]);
        var pseudoRandom = HMACSHA256.HashData(salt, input);
        var key = HMACSHA256.HashData(pseudoRandom, (byte[])[.. "Content-Encoding: aes128gcm\0"u8, 1])[..16];
        var nonce = HMACSHA256.HashData(pseudoRandom, (byte[])[.. "Content-Encoding: nonce\0"u8, 1])[..12];

        var text = new byte[record.Length - TagSize];
        using (AesGcm cipher = new(key, TagSize)) cipher.Decrypt(nonce, record[..^TagSize], record[^TagSize..], text);
        var end = text.AsSpan().LastIndexOfAnyExcept((byte)0);
        return end >= 0 && text[end] == 2 ? text[..end] : throw new CryptographicException("The last record has no delimiter.");
    }
}
