using Microsoft.AspNetCore.Mvc;
using OrleansNotify.Campaigns;
using OrleansNotify.Host.Api.Docs;
using OrleansNotify.Host.Api.Errors;
using OrleansNotify.Host.Api.Input;
using OrleansNotify.Host.Api.Json;

namespace OrleansNotify.Host.Api.Campaigns;

/// <summary>Routes that list: the campaigns, and the recipients of one.</summary>
internal static class CampaignPagesApi
{
    public static void Map(RouteGroupBuilder campaigns)
    {
        campaigns.MapGet("", List)
            .AddEndpointFilter(InTime.Filter)
            .WithName("listCampaigns")
            .WithSummary("Campaigns, the newest first")
            .WithDescription("""
                All of them, or those in a `state` or with a part of their `name`; a campaign is listed until its records are gone, which is the
                history's age after its end. A page with a filter may hold fewer than asked for and still have a next one.
                """)
            .Produces<Page<CampaignView>>()
            .Fails(503);
        campaigns.MapGet("/{campaign_id}/recipients", Recipients)
            .AddEndpointFilter(InTime.Filter)
            .WithName("listCampaignRecipients")
            .WithSummary("A campaign's recipients, all or those in a state")
            .WithDescription("""
                By state, and within one by user. A page costs the same however many there are. Whoever gets another state between two pages may
                be on both, or on neither; once the campaign is over they are complete.
                """)
            .Produces<Page<CampaignRecipientView>>()
            .Fails(404, 503);
    }

    private static async Task<IResult> List(string? state, string? name, string? cursor, string? limit, IGrainFactory grains)
    {
        var errors = ErrorsOf<CampaignStatus>(state, cursor is null || CampaignEntry.Parse(cursor) is not null, limit);
        if (errors.Count > 0) return Problems.Invalid(errors);
        CampaignFilter filter = new() { State = StateOf<CampaignStatus>(state), Name = name };
        return TypedResults.Ok(await grains.GetGrain<ICampaignListGrain>(0).List(filter, cursor, PageLimit.Read(limit)!.Value));
    }

    private static async Task<IResult> Recipients(
        [FromRoute(Name = "campaign_id")] string id, string? state, string? cursor, string? limit, IGrainFactory grains)
    {
        var errors = ErrorsOf<CampaignRecipientState>(state, cursor is null || RecipientEntry.OfCursor(cursor) is not null, limit);
        if (!Guid.TryParseExact(id, "D", out var campaign)) errors["campaign_id"] = ["Must be a UUID."];
        if (errors.Count > 0) return Problems.Invalid(errors);
        var page = await grains.GetGrain<ICampaignGrain>(campaign).Recipients(StateOf<CampaignRecipientState>(state), cursor, PageLimit.Read(limit)!.Value);
        return page is null ? Problems.NotFound("campaign") : TypedResults.Ok(page);
    }

    private static Dictionary<string, string[]> ErrorsOf<T>(string? state, bool isCursor, string? limit)
        where T : struct, Enum
    {
        Dictionary<string, string[]> errors = [];
        if (state is not null && StateOf<T>(state) is null) errors["state"] = [$"Must be one of: {string.Join(", ", EnumNames.Of(typeof(T)))}."];
        if (!isCursor) errors["cursor"] = ["Must be the next_cursor of a page."];
        if (PageLimit.Read(limit) is null) errors["limit"] = [PageLimit.Rule];
        return errors;
    }

    private static T? StateOf<T>(string? name)
        where T : struct, Enum => Array.IndexOf(EnumNames.Of(typeof(T)), name) is var at and >= 0 ? Enum.GetValues<T>()[at] : null;
}
