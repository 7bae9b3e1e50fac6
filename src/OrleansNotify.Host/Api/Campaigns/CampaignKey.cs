using System.Security.Cryptography;
using System.Text;

namespace OrleansNotify.Host.Api.Campaigns;

/// <summary>Names campaigns.</summary>
internal static class CampaignKey
{
    private static readonly byte[] s_space = new Guid("6f2f5a0e-8f0a-4c53-9a3e-6d1c7b1f0c9d").ToByteArray(bigEndian: true);

    /// <summary>The id that a key always has: a UUID of version 8 (RFC 9562, section 5.8); without a key, a new one.</summary>
    public static Guid IdOf(string? key, DateTimeOffset now)
    {
        if (key is null) return Guid.CreateVersion7(now);
        var hash = SHA256.HashData([.. s_space, .. Encoding.UTF8.GetBytes(key)]);
        hash[6] = (byte)((hash[6] & 0x0f) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }
}
