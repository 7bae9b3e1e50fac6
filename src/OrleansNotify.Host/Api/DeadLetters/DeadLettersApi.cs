using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using OrleansNotify.DeadLetters;
using OrleansNotify.Host.Api.Docs;
using OrleansNotify.Host.Api.Errors;
using OrleansNotify.Host.Api.Input;
using OrleansNotify.Host.Auth;

namespace OrleansNotify.Host.Api.DeadLetters;

/// <summary>Routes about dead letters: what failed, and what becomes of it.</summary>
internal static class DeadLettersApi
{
    private static readonly TimeSpan WhenFull = TimeSpan.FromSeconds(10);

    public static void Map(RouteGroupBuilder api)
    {
        var all = api.MapGroup("").WithTags("Dead letters").RequireAuthorization(Roles.Owner).AddEndpointFilter(InTime.Filter);
        var letters = all.MapGroup("/dead-letters");
        MapReading(letters);
        MapOne(letters);
        letters.MapPost("/redrive", RedriveAll)
            .WithName("redriveDeadLetters")
            .WithSummary("Send many dead letters again")
            .WithDescription("""
                Those of a user, or those of any part of a group (channel, reason, template), within a time; without a filter all of them. With
                `dry_run` it is only said how many. Otherwise a job does it, which goes on whatever becomes of the silo that it is on, waits for
                users whose outbox is full, and leaves letters alone that are younger than itself. Its messages wait in the campaign lane.
                """)
            .Produces<RedriveCount>()
            .Produces<RedriveCount>(StatusCodes.Status202Accepted)
            .AnswersWith(202, "Location", "Where to look at the job.")
            .Fails(503);
        all.MapGet("/redrives/{redrive_id}", GetRedrive)
            .WithName("getRedrive")
            .WithSummary("How far a redrive of many is")
            .Produces<RedriveView>()
            .Fails(404, 503);
    }

    private static void MapReading(RouteGroupBuilder letters)
    {
        letters.MapGet("", List)
            .WithName("listDeadLetters")
            .WithSummary("Dead letters, the newest first")
            .WithDescription("Of a user, or of any part of a group (channel, reason, template), within a time. The variables are left out.")
            .Produces<Page<DeadLetterView>>()
            .Fails(503);
        letters.MapGet("/groups", Groups)
            .WithName("groupDeadLetters")
            .WithSummary("How many dead letters failed alike, the most first")
            .Produces<Page<DeadLetterGroup>>()
            .Fails(503);
    }

    private static void MapOne(RouteGroupBuilder letters)
    {
        letters.MapGet("/{letter_id}", Get)
            .WithName("getDeadLetter")
            .WithSummary("A dead letter whole")
            .Produces<DeadLetterView>()
            .Fails(404, 503);
        letters.MapPost("/{letter_id}/redrive", Redrive)
            .WithName("redriveDeadLetter")
            .WithSummary("Send a dead letter again")
            .WithDescription("""
                Its message goes its way anew: preferences, addresses and expiry are asked again, and it has a fresh schedule and life. Asked
                twice, the second answers `already_redriven` and sends nothing; if the message fails again, that makes a letter with another id.
                """)
            .Produces<RedriveReport>()
            .Fails(429, 503);
        letters.MapDelete("/{letter_id}", Discard)
            .WithName("discardDeadLetter")
            .WithSummary("Take a dead letter away")
            .WithDescription("The message stays in its user's history, with who discarded it.")
            .Produces(StatusCodes.Status204NoContent)
            .Fails(404, 503);
    }

    private static async Task<IResult> List([AsParameters] LetterQuery query, IGrainFactory grains) =>
        TypedResults.Ok(await Letters(grains).List(query.Filter, query.Cursor, query.Most));

    private static async Task<IResult> Groups([AsParameters] LetterFilterQuery query, IGrainFactory grains) =>
        TypedResults.Ok(await Letters(grains).Groups(query.Filter));

    private static async Task<IResult> Get([FromRoute(Name = "letter_id")] string id, IGrainFactory grains)
    {
        if (!LetterKey.IsId(id)) return NotAnId;
        return await Letters(grains).Get(id) is { } letter ? TypedResults.Ok(letter) : Problems.NotFound("dead letter");
    }

    private static async Task<IResult> Redrive([FromRoute(Name = "letter_id")] string id, ClaimsPrincipal who, IGrainFactory grains)
    {
        if (!LetterKey.IsId(id)) return NotAnId;
        var result = await Letters(grains).Redrive(id, NameOf(who));
        return result == RedriveResult.OutboxFull
            ? Problems.Later(StatusCodes.Status429TooManyRequests, "The user's outbox is full; the letter stays.", Reasons.OutboxFull, WhenFull)
            : TypedResults.Ok(new RedriveReport(result));
    }

    private static async Task<IResult> Discard([FromRoute(Name = "letter_id")] string id, ClaimsPrincipal who, IGrainFactory grains)
    {
        if (!LetterKey.IsId(id)) return NotAnId;
        return await Letters(grains).Discard(id, NameOf(who)) ? TypedResults.NoContent() : Problems.NotFound("dead letter");
    }

    private static async Task<IResult> RedriveAll(Body<RedriveBody> body, ClaimsPrincipal who, IGrainFactory grains)
    {
        var filter = body.Value.Filter();
        if (LetterFilter.Check(filter) is { Count: > 0 } errors) return Problems.Invalid(errors);
        if (body.Value.DryRun) return TypedResults.Ok(new RedriveCount(null, await Letters(grains).Count(filter)));
        var job = await Letters(grains).RedriveAll(filter, NameOf(who));
        return TypedResults.Accepted($"/api/v1/redrives/{job.RedriveId}", new RedriveCount(job.RedriveId, job.Total));
    }

    private static async Task<IResult> GetRedrive([FromRoute(Name = "redrive_id")] string id, IGrainFactory grains)
    {
        if (!Guid.TryParseExact(id, "D", out var job)) return Problems.Invalid("redrive_id", "Must be a UUID.");
        return await Letters(grains).GetRedrive(job) is { } view ? TypedResults.Ok(view) : Problems.NotFound("redrive");
    }

    private static IDeadLetterGrain Letters(IGrainFactory grains) => grains.GetGrain<IDeadLetterGrain>(0);

    private static string NameOf(ClaimsPrincipal who) => who.FindFirst("sub")?.Value ?? "";

    private static IResult NotAnId => Problems.Invalid("letter_id", "Must be the id of a dead letter.");
}
