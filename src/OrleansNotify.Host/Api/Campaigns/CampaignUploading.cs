using Microsoft.AspNetCore.Http.HttpResults;
using OrleansNotify.Campaigns;
using OrleansNotify.Host.Api.Errors;

namespace OrleansNotify.Host.Api.Campaigns;

/// <summary>Hands an audience to its campaign's grain, as it comes.</summary>
internal static class CampaignUploading
{
    /// <summary>Lines in one call of the grain.</summary>
    public const int LinesInOneCall = 500;

    private const int MostLinesTold = 20;

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
        try
        {
            await foreach (var lines in input.Audience.Chunk(LinesInOneCall).WithCancellation(cancellation))
            {
                isEmpty = false;
                if (await Add(campaign, begun.Upload, lines)) continue;
                await SkipRest(request, cancellation);
                return await campaign.Complete(begun.Upload) is { Failed: > CampaignRules.MostWrong } wrong
                    ? Refused(wrong, $"More than {CampaignRules.MostWrong:N0} lines are wrong, and more than are right: reading stopped at line {lines[^1].Number:N0}.")
                    : Ended(input.Body);
            }
        }
        catch (InvalidDataException unreadable)
        {
            await campaign.Abandon(begun.Upload);
            await SkipRest(request, cancellation);
            return Unreadable(unreadable);
        }

        if (isEmpty) return EmptyAudience;
        return await campaign.Complete(begun.Upload) switch
        {
            { Queued: 0, Failed: > 0 } wrong => Refused(wrong, $"Of {wrong.Failed:N0} lines none is right."),
            { } receipt => TypedResults.Ok(receipt),
            null => Ended(input.Body),
        };
    }

    public static IResult EmptyAudience => Problems.Invalid("audience", "Must hold a recipient.");

    /// <summary>The answer to another kind of file than an audience.</summary>
    public static IResult Unreadable(InvalidDataException unreadable) => Problems.Invalid("audience", unreadable.Message);

    private static ProblemHttpResult Refused(CampaignReceipt wrong, string why) => Problems.Invalid(new Dictionary<string, string[]>
    {
        ["audience"] = [why + " Nothing is sent, and nothing kept.", .. wrong.Errors.Take(MostLinesTold).Select(error => $"Line {error.Line}: {error.Reason}")],
    });

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
