using OrleansNotify.Campaigns;

namespace OrleansNotify.Host.Api.Campaigns;

/// <summary>Names campaigns.</summary>
internal static class CampaignKey
{
    private static readonly Guid s_space = new("6f2f5a0e-8f0a-4c53-9a3e-6d1c7b1f0c9d");

    /// <summary>The id that a key always has; without a key, a new one.</summary>
    public static Guid IdOf(string? key, DateTimeOffset now) => key is null ? Guid.CreateVersion7(now) : DerivedId.Of(s_space, key);
}
