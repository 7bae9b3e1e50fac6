using System.Buffers.Binary;
using System.Security.Cryptography;

namespace OrleansNotify.Channels.Push;

/// <summary>Encrypts a push for one device (RFC 8291, with the <c>aes128gcm</c> coding of RFC 8188), in one record.</summary>
internal static class MessageEncryption
{
    /// <summary>The size of the salt, in bytes.</summary>
    public const int SaltSize = 16;

    /// <summary>The size of an uncompressed point on P-256, in bytes.</summary>
    public const int PointSize = 65;

    /// <summary>The size of a device's authentication secret, in bytes.</summary>
    public const int AuthSize = 16;

    /// <summary>The longest plain text, in bytes: a body of more than 4,096 bytes need not be taken by a push service (RFC 8291, section 4).</summary>
    public const int LongestText = RecordSize - HeaderSize - TagSize - 1;

    private const int RecordSize = 4096, TagSize = 16, KeySize = 16, NonceSize = 12, HashSize = 32;
    private const int HeaderSize = SaltSize + sizeof(uint) + 1 + PointSize;

    // RFC 8188, section 2: the delimiter of the last record; no padding follows it.
    private const byte LastRecord = 2;

    /// <summary>Encrypts with a salt and a key that are used this once.</summary>
    /// <param name="text">The plain text, at most <see cref="LongestText"/> bytes.</param>
    /// <param name="device">The device's public key.</param>
    /// <param name="auth">The device's authentication secret.</param>
    /// <returns>The body: header and one record.</returns>
    /// <exception cref="CryptographicException">The device's key is not a point on the curve.</exception>
    public static byte[] Encrypt(ReadOnlySpan<byte> text, ReadOnlySpan<byte> device, ReadOnlySpan<byte> auth)
    {
        Span<byte> salt = stackalloc byte[SaltSize];
        RandomNumberGenerator.Fill(salt);
        using var sender = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        return Encrypt(text, device, auth, sender, salt);
    }

    /// <summary>Encrypts with a given salt and key, as the example of RFC 8291, Appendix A, needs it.</summary>
    public static byte[] Encrypt(
        ReadOnlySpan<byte> text, ReadOnlySpan<byte> device, ReadOnlySpan<byte> auth, ECDiffieHellman sender, ReadOnlySpan<byte> salt)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(text.Length, LongestText);
        var body = new byte[HeaderSize + text.Length + 1 + TagSize];
        var ownKey = body.AsSpan(HeaderSize - PointSize, PointSize);
        salt.CopyTo(body);
        BinaryPrimitives.WriteUInt32BigEndian(body.AsSpan(SaltSize), RecordSize);
        body[SaltSize + sizeof(uint)] = PointSize;
        P256.Write(sender.ExportParameters(includePrivateParameters: false).Q, ownKey);

        Span<byte> key = stackalloc byte[KeySize];
        Span<byte> nonce = stackalloc byte[NonceSize];
        DeriveKeys(device, auth, sender, ownKey, salt, key, nonce);

        var record = body.AsSpan(HeaderSize, text.Length + 1);
        text.CopyTo(record);
        record[^1] = LastRecord;
        using AesGcm cipher = new(key, TagSize);
        cipher.Encrypt(nonce, record, record, body.AsSpan(HeaderSize + record.Length));
        return body;
    }

    // RFC 8291, section 3.4. A pseudo-random key is always followed by one block of expansion.
    private static void DeriveKeys(
        ReadOnlySpan<byte> device, ReadOnlySpan<byte> auth, ECDiffieHellman sender, ReadOnlySpan<byte> ownKey, ReadOnlySpan<byte> salt,
        Span<byte> key, Span<byte> nonce)
    {
        using var peer = ECDiffieHellman.Create(P256.Read(device));
        using var peerKey = peer.PublicKey;
        var secret = sender.DeriveRawSecretAgreement(peerKey);

        Span<byte> info = stackalloc byte[14 + PointSize + PointSize];
        "WebPush: info\0"u8.CopyTo(info);
        device.CopyTo(info[14..]);
        ownKey.CopyTo(info[(14 + PointSize)..]);

        Span<byte> pseudoRandom = stackalloc byte[HashSize];
        Span<byte> material = stackalloc byte[HashSize];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, material, auth, info);
        HKDF.Extract(HashAlgorithmName.SHA256, material, salt, pseudoRandom);
        HKDF.Expand(HashAlgorithmName.SHA256, pseudoRandom, key, "Content-Encoding: aes128gcm\0"u8);
        HKDF.Expand(HashAlgorithmName.SHA256, pseudoRandom, nonce, "Content-Encoding: nonce\0"u8);
    }
}
