using Microsoft.AspNetCore.Mvc;
using OrleansNotify.Campaigns;
using OrleansNotify.Host.Api.Docs;
using OrleansNotify.Host.Api.Errors;
using OrleansNotify.Host.Api.Input;
using OrleansNotify.Host.Api.Messages;
using OrleansNotify.Host.Auth;
using OrleansNotify.Templates;

namespace OrleansNotify.Host.Api.Campaigns;

/// <summary>Routes about campaigns: one template to many users.</summary>
internal static class CampaignsApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var campaigns = api.MapGroup("/campaigns").WithTags("Campaigns").RequireAuthorization(Roles.Service);
        MapUploads(campaigns);
        CampaignPagesApi.Map(campaigns);
        var one = campaigns.MapGroup("/{campaign_id}").AddEndpointFilter(InTime.Filter);
        one.MapGet("", ([FromRoute(Name = "campaign_id")] string id, IGrainFactory grains) => Answer(id, grains, campaign => campaign.Get()))
            .WithName("getCampaign")
            .WithSummary("A campaign's progress")
            .WithDescription("""
                At every look, `targeted` is the sum of `sent`, `skipped`, `deferred`, `waiting`, `retrying`, `dead_lettered`, `expired` and
                `cancelled`; `remaining` is what is not settled.
                """)
            .Produces<CampaignView>()
            .Fails(404, 503);
        MapTurn(one, "pause", "Send nothing more until it is resumed", campaign => campaign.Pause(), """
            What waits for its turn without an attempt is handed back within one batch; what has had an attempt goes on, with its retries.
            """);
        MapTurn(one, "resume", "Go on after a pause", campaign => campaign.Resume(), "A campaign that is not paused stays what it is.");
        MapTurn(one, "cancel", "End it", campaign => campaign.Cancel(), """
            Whoever has got nothing yet gets nothing, and counts as cancelled. There is no way back.
            """);
    }

    private static void MapUploads(RouteGroupBuilder campaigns)
    {
        campaigns.MapPost("", Create)
            .WithName("createCampaign")
            .WithSummary("Send a template to an audience")
            .WithDescription("""
                In JSON, up to 8 MiB; or as NDJSON of any length, one `{user_id, vars}` a line of at most 128 KiB, with the settings in the query;
                NDJSON may be gzip, with `Content-Encoding: gzip`, of at most a hundred times its size. A wrong line fails that line alone; an
                audience without a right line, or of which more than 1,000 lines are wrong and more than are right, is a 400 that tells the first
                of them, and nothing of it is kept. Nothing is sent before the audience is whole; whoever leaves in the middle has started
                nothing. With an `idempotency_key` it is safe to send again: what was whole answers its first receipt, what was not begins anew,
                and ends an older upload that still runs (409). Times, rates and preferences hold as the messages are made, a batch at a time.
                """)
            .Produces<CampaignReceipt>()
            .Fails(409, 503)
            .WithMetadata(new BodyLimit(Batch.MaxBytes), new TakesGzip());
        campaigns.MapPost("/preview", Preview)
            .WithName("previewCampaign")
            .WithSummary("See what would become of a campaign's first hundred")
            .WithDescription("""
                Takes what makes a campaign, and does nothing with it: looks at the first hundred lines, and counts what each recipient would get
                if the campaign started now, by status and by reason.
                """)
            .Produces<CampaignPreview>()
            .Fails(503)
            .WithMetadata(new BodyLimit(Batch.MaxBytes), new TakesGzip());
    }

    private static void MapTurn(
        RouteGroupBuilder one, string word, string summary, Func<ICampaignGrain, Task<CampaignView?>> turn, string description) =>
        one.MapPost("/" + word, ([FromRoute(Name = "campaign_id")] string id, IGrainFactory grains) => Answer(id, grains, turn))
            .WithName(word + "Campaign")
            .WithSummary(summary)
            .WithDescription(description)
            .Produces<CampaignView>()
            .Fails(404, 503);

    private static Task<IResult> Create(CampaignInput input, IGrainFactory grains, TimeProvider clock, HttpRequest request, CancellationToken cancellation)
    {
        var id = CampaignKey.IdOf(input.Body.IdempotencyKey, clock.GetUtcNow());
        return CampaignUploading.Upload(input, grains.GetGrain<ICampaignGrain>(id), request, cancellation);
    }

    private static async Task<IResult> Preview(
        CampaignInput input, IGrainFactory grains, TemplateCatalog templates, TimeProvider clock, HttpRequest request, CancellationToken cancellation)
    {
        var settings = input.Body.Settings();
        if (CampaignRules.Check(settings, templates, clock.GetUtcNow()) is { Count: > 0 } wrong) return Problems.Invalid(wrong);
        List<AudienceLine> lines;
        try
        {
            lines = await input.Audience.Take(CampaignPreview.MostLines).ToListAsync(cancellation);
        }
        catch (InvalidDataException unreadable)
        {
            return CampaignUploading.Unreadable(unreadable);
        }
        finally
        {
            await CampaignUploading.SkipRest(request, cancellation);
        }

        if (lines.Count == 0) return CampaignUploading.EmptyAudience;
        var (recipients, errors) = CampaignPreview.Sift(lines, settings, templates, clock.GetUtcNow());
        var asked = recipients.Select(recipient => grains.GetGrain<IUserGrain>(recipient.UserId).Explain(CampaignRules.RequestOf(settings, recipient.Vars)));
        var explained = await Task.WhenAll(asked).WaitAsync(StoreFaults.Patience, clock, cancellation);
        return explained.Any(each => each.Receipt.Status == ReceiptStatus.Unavailable)
            ? StoreFaults.Answer()
            : TypedResults.Ok(CampaignPreview.Of([.. explained.Select(each => each.Receipt)], errors));
    }

    private static async Task<IResult> Answer(string id, IGrainFactory grains, Func<ICampaignGrain, Task<CampaignView?>> ask)
    {
        if (!Guid.TryParseExact(id, "D", out var campaign)) return Problems.Invalid("campaign_id", "Must be a UUID.");
        return await ask(grains.GetGrain<ICampaignGrain>(campaign)) is { } view ? TypedResults.Ok(view) : Problems.NotFound("campaign");
    }
}
