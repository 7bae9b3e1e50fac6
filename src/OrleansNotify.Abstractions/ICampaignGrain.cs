using System.Collections.Immutable;
using Orleans.Concurrency;
using Orleans.Metadata;

namespace OrleansNotify;

/// <summary>
/// One campaign: a template to an audience, on the campaign lane. The key is its id, chosen by whoever makes it. Upload the audience with
/// <see cref="Begin"/>, <see cref="Add"/> and <see cref="Complete"/>; nothing is sent before the upload is complete. Methods throw
/// <see cref="StoreUnavailableException"/> while the store does not answer; an upload that met it is begun anew.
/// </summary>
[Alias("notify.ICampaignGrain"), DefaultGrainType("campaign")]
public interface ICampaignGrain : IGrainWithGuidKey
{
    /// <summary>The most recipients in one call of <see cref="Add"/>.</summary>
    const int MostInOneCall = 1000;

    /// <summary>Begins the upload. An upload that was not completed is forgotten; a campaign that has its audience answers its receipt.</summary>
    [Alias("Begin")]
    Task<CampaignUpload> Begin(CampaignSettings settings);

    /// <summary>Adds recipients, at most 1000 in a call; a wrong one is counted as failed and spoils no other.</summary>
    /// <returns>False where the upload is not the campaign's current one.</returns>
    [Alias("Add")]
    Task<bool> Add(int upload, ImmutableArray<CampaignRecipient> recipients, ImmutableArray<CampaignLineError> failed);

    /// <summary>The audience is whole: the campaign starts, now or at its time.</summary>
    /// <returns>The receipt; null where the upload is not the campaign's current one, or has neither recipients nor failed lines.</returns>
    [Alias("Complete")]
    Task<CampaignReceipt?> Complete(int upload);

    /// <summary>Its progress; null if there is no such campaign.</summary>
    [Alias("Get"), AlwaysInterleave]
    Task<CampaignView?> Get();

    /// <summary>Makes no new messages until it is resumed. Answers the progress, or null if there is no such campaign.</summary>
    [Alias("Pause")]
    Task<CampaignView?> Pause();

    /// <summary>Goes on after a pause.</summary>
    [Alias("Resume")]
    Task<CampaignView?> Resume();

    /// <summary>Ends it: whoever has got nothing yet gets nothing.</summary>
    [Alias("Cancel")]
    Task<CampaignView?> Cancel();
}
