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

    /// <summary>
    /// Adds recipients, at most 1000 in a call; a wrong one is counted as failed and spoils no other. An audience of which more than 1,000 lines
    /// are wrong, and more than are right, is not gone on with: nothing of it is kept.
    /// </summary>
    /// <returns>False where the upload is not the campaign's current one, or is not gone on with: then <see cref="Complete"/> answers what was wrong.</returns>
    [Alias("Add")]
    Task<bool> Add(int upload, ImmutableArray<CampaignRecipient> recipients, ImmutableArray<CampaignLineError> failed);

    /// <summary>The audience is whole: the campaign starts, now or at its time. One without a right line starts nothing and is not kept.</summary>
    /// <returns>The receipt; null where the upload is not the campaign's current one, or has neither recipients nor failed lines.</returns>
    [Alias("Complete")]
    Task<CampaignReceipt?> Complete(int upload);

    /// <summary>Gives an upload up: nothing of it is kept. One that is complete, or that another has followed, stays as it is.</summary>
    [Alias("Abandon")]
    Task Abandon(int upload);

    /// <summary>Its progress; null if there is no such campaign.</summary>
    [Alias("Get"), AlwaysInterleave]
    Task<CampaignView?> Get();

    /// <summary>
    /// Its recipients, all or those in a state; null if there is no such campaign. A page costs the same however many there are. Whoever gets
    /// another state between two pages may be on both, or on neither.
    /// </summary>
    /// <param name="state">The state; null for all.</param>
    /// <param name="cursor">The previous page's <see cref="Page{T}.NextCursor"/>, or null for the first page.</param>
    /// <param name="limit">1 to 100.</param>
    [Alias("Recipients"), AlwaysInterleave]
    Task<Page<CampaignRecipientView>?> Recipients(CampaignRecipientState? state, string? cursor, int limit);

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
