using OrleansNotify.Host.Api.Errors;

namespace OrleansNotify.Host.Api.Campaigns;

/// <summary>Hands an audience to its campaign's grain, as it comes.</summary>
internal static class CampaignUploading
{
    /// <summary>Lines in one call of the grain.</summary>
    public const int LinesInOneCall = 500;

    /// <summary>Uploads, and starts the campaign when its audience is whole: a caller that leaves before that has started nothing.</summary>
    public static async Task<IResult> Upload(CampaignInput input, ICampaignGrain campaign, HttpRequest request, CancellationToken cancellation)
    {
        var begun = await campaign.Begin(input.Body.Settings());
        if (begun.Errors.Count > 0) return Problems.Invalid(begun.Errors);
        if (begun.Receipt is { } first)
        {
            await SkipRest(request, cancellation);
            return TypedResults.Ok(first);
        }

        var isEmpty = true;
        await foreach (var lines in input.Audience.Chunk(LinesInOneCall).WithCancellation(cancellation))
        {
            isEmpty = false;
            if (!await Add(campaign, begun.Upload, lines)) return Ended(input.Body);
        }

        if (isEmpty) return EmptyAudience;
        return await campaign.Complete(begun.Upload) is { } receipt ? TypedResults.Ok(receipt) : Ended(input.Body);
    }

    public static IResult EmptyAudience => Problems.Invalid("audience", "Must hold a recipient.");

    /// <summary>Reads what is left of the body: some callers see no answer before they have sent all of it.</summary>
    public static Task SkipRest(HttpRequest request, CancellationToken cancellation) => request.BodyReader.CopyToAsync(Stream.Null, cancellation);

    private static Task<bool> Add(ICampaignGrain campaign, int upload, AudienceLine[] lines) => campaign.Add(
        upload,
        [.. lines.Select(line => line.Recipient).OfType<CampaignRecipient>()],
        [.. lines.Where(line => line.Error is not null).Select(line => new CampaignLineError(line.Number, line.Error!))]);

    // Nobody else can upload to a campaign that has no key: then it was the silo that lost the upload.
    private static IResult Ended(CampaignBody body) => body.IdempotencyKey is null
        ? StoreFaults.Answer()
        : Problems.Conflict("Another upload with this idempotency key has begun, or a fault has ended this one. Nothing of it is sent.", "upload_ended");
}
