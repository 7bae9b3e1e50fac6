using OrleansNotify.Host.Api.Docs;
using OrleansNotify.Host.Api.Errors;
using OrleansNotify.Host.Api.Input;
using OrleansNotify.Users.Validation;

namespace OrleansNotify.Host.Api.Users;

/// <summary>Routes about one user's preferences, and the types that the user has unsubscribed from.</summary>
internal static class PreferencesApi
{
    private const string OfTypes = """
        `unsubscribed_types` is changed by its own routes, and here only where `If-Match` names the version that the change was made from (or
        `If-None-Match: *` says that there was none): a page that was loaded before an unsubscribe must not take it back.
        """;

    public static void Map(RouteGroupBuilder user)
    {
        user.MapGet("/preferences", Get)
            .WithName("getPreferences")
            .WithSummary("A user's preferences")
            .Produces<Preferences>()
            .Produces(StatusCodes.Status304NotModified)
            .Fails(404, 503);
        user.MapPut("/preferences", Put)
            .WithName("putPreferences")
            .WithSummary("Set a user's preferences")
            .WithDescription($"All of them are replaced; a field that is missing takes its default. Makes the user known. {OfTypes}")
            .Produces<Preferences>()
            .Fails(404, 409, 503);
        user.MapPatch("/preferences", Patch)
            .WithName("patchPreferences")
            .WithSummary("Change some of a user's preferences")
            .WithDescription($"""
                A JSON merge patch (RFC 7396), as `application/merge-patch+json` or `application/json`: a null gives a field its default again.
                {OfTypes} A patch that would change them without that is a 428.
                """)
            .Produces<Preferences>()
            .Fails(404, 409, 428, 503);
        var type = user.MapGroup("/unsubscribed-types/{type}");
        type.MapPut("", Unsubscribe)
            .WithName("unsubscribeFromType")
            .WithSummary("Unsubscribe from a type of messages")
            .WithDescription("Urgent templates of the type are not affected. Where the user is unsubscribed already, nothing changes.")
            .Produces(StatusCodes.Status204NoContent)
            .Fails(404, 503);
        type.MapDelete("", Subscribe)
            .WithName("subscribeToType")
            .WithSummary("Subscribe to a type of messages again")
            .WithDescription("Where the user is not unsubscribed, nothing changes.")
            .Produces(StatusCodes.Status204NoContent)
            .Fails(404, 503);
    }

    private static async Task<IResult> Get(string id, Conditions when, IGrainFactory grains) =>
        await grains.GetGrain<IUserGrain>(id).GetPreferences() is { } preferences ? when.Answer(preferences, preferences.Version) : UsersApi.Unknown;

    private static async Task<IResult> Put(string id, Body<Preferences> body, Conditions when, IGrainFactory grains)
    {
        var user = grains.GetGrain<IUserGrain>(id);
        return await Answer(user, await user.SetPreferences(body.Value, when.When));
    }

    private static async Task<IResult> Patch(string id, MergePatch patch, Conditions when, IGrainFactory grains)
    {
        var user = grains.GetGrain<IUserGrain>(id);
        for (var tries = 0; tries < MergePatch.MostTries; tries++)
        {
            var kept = await user.GetPreferences();
            if (!when.When.Holds(kept?.Version)) return Conditions.Stale;
            if (kept is null) return UsersApi.Unknown;
            var (merged, errors) = patch.Apply(kept);
            if (merged is null) return Problems.Invalid(errors!);
            if (!when.When.NamesVersion && !merged.UnsubscribedTypes.ToHashSet().SetEquals(kept.UnsubscribedTypes)) return NeedsVersion;
            var change = await user.SetPreferences(merged, Precondition.Version(kept.Version));
            if (!change.Stale) return await Answer(user, change);
        }

        return MergePatch.Busy;
    }

    private static async Task<IResult> Unsubscribe(string id, string type, IGrainFactory grains)
    {
        if (PreferenceRules.OfType(type) is { } wrong) return Problems.Invalid("type", wrong);
        var user = grains.GetGrain<IUserGrain>(id);
        var types = (await user.GetPreferences())?.UnsubscribedTypes ?? [];
        return types.Length < PreferenceRules.LongestList || types.Contains(type)
            ? Done(await user.Unsubscribe(type))
            : Problems.Invalid("type", $"The user is unsubscribed from {PreferenceRules.LongestList} types, which is as many as there may be.");
    }

    private static async Task<IResult> Subscribe(string id, string type, IGrainFactory grains) =>
        Done(await grains.GetGrain<IUserGrain>(id).Subscribe(type));

    private static IResult Done(bool known) => known ? TypedResults.NoContent() : UsersApi.Unknown;

    private static IResult NeedsVersion => Problems.Of(
        StatusCodes.Status428PreconditionRequired,
        "unsubscribed_types is changed by its own routes, or with If-Match, which names the version that the change was made from.",
        "precondition_required");

    private static async Task<IResult> Answer(IUserGrain user, ChangeResult change)
    {
        if (!change.Succeeded) return UsersApi.Refused(change);
        return await user.GetPreferences() is { } preferences ? Conditions.Changed(preferences, preferences.Version) : UsersApi.Unknown;
    }
}
