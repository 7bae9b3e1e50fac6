using System.Security.Cryptography;
using System.Text;

namespace OrleansNotify.Campaigns;

/// <summary>A recipient's place in a campaign's audience, from 0.</summary>
[GenerateSerializer, Immutable, Alias("notify.CampaignPlace")]
internal sealed record CampaignPlace([property: Id(0)] Guid Campaign, [property: Id(1)] int Place)
{
    /// <summary>The id of the one message that a user gets from a campaign: a UUID of version 8 (RFC 9562, section 5.8), always the same.</summary>
    public Guid MessageFor(string user)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData([.. Campaign.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(user)], hash);
        hash[6] = (byte)((hash[6] & 0x0f) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
