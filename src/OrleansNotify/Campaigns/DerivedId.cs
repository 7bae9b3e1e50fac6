using System.Security.Cryptography;
using System.Text;

namespace OrleansNotify.Campaigns;

/// <summary>Ids that are always the same for the same thing: UUIDs of version 8 (RFC 9562, section 5.8).</summary>
internal static class DerivedId
{
    /// <summary>The id that a name has within a space of names.</summary>
    public static Guid Of(Guid space, string name)
    {
        var hash = SHA256.HashData([.. space.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(name)]);
        hash[6] = (byte)((hash[6] & 0x0f) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }
}
