using OrleansNotify.Channels.Email;
using OrleansNotify.Host.Api.Errors;

namespace OrleansNotify.Host.Api.Unsubscribe;

/// <summary>The link in a mail. A person gets a page with a button; the mail program's one-click (RFC 8058) is the same POST, without the page.</summary>
internal static class UnsubscribeApi
{
    // The form says List-Unsubscribe=One-Click, and nothing that is read.
    private const int MaxForm = 4096;

    public static void Map(WebApplication app)
    {
        var link = app.MapGroup("/unsubscribe/{token}").WithTags("Unsubscribe").AllowAnonymous().WithMetadata(new Input.BodyLimit(MaxForm));
        link.MapGet("", Ask)
            .WithName("askToUnsubscribe")
            .WithSummary("The page behind the link in a mail: a button, and no effect yet")
            .Produces<string>(StatusCodes.Status200OK, "text/html")
            .Produces<string>(StatusCodes.Status404NotFound, "text/html");
        link.MapPost("", Unsubscribe)
            .WithName("unsubscribe")
            .WithSummary("Switch that type of messages off (RFC 8058)")
            .Produces<string>(StatusCodes.Status200OK, "text/html")
            .Produces<string>(StatusCodes.Status404NotFound, "text/html")
            .Produces<string>(StatusCodes.Status503ServiceUnavailable, "text/html");
    }

    private static IResult Ask(string token, UnsubscribeLinks links) =>
        links.TryRead(token, out _, out var type) ? UnsubscribePage.Ask(type) : UnsubscribePage.Unknown();

    private static async Task<IResult> Unsubscribe(string token, UnsubscribeLinks links, IGrainFactory grains, TimeProvider clock, FaultLog log)
    {
        if (!links.TryRead(token, out var user, out var type)) return UnsubscribePage.Unknown();
        try
        {
            var known = await grains.GetGrain<IUserGrain>(user).Unsubscribe(type).WaitAsync(StoreFaults.Patience, clock);
            return known ? UnsubscribePage.Done(type) : UnsubscribePage.Unknown();
        }
        catch (Exception fault) when (StoreFaults.Is(fault))
        {
            log.Say($"The unsubscribe link of user {user}", fault);
            return UnsubscribePage.Later();
        }
    }
}
