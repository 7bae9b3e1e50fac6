using OrleansNotify.Channels.Email;
using OrleansNotify.Host.Api.Errors;

namespace OrleansNotify.Host.Api.Unsubscribe;

/// <summary>The link in a mail. A person gets a page with a button; the mail program's one-click (RFC 8058) is the same POST, without the page.</summary>
internal static class UnsubscribeApi
{
    // The form says List-Unsubscribe=One-Click, and nothing that is read.
    private const int MaxForm = 4096;

    // As a browser sees it from a page whose address ends with the token, and from the page behind it.
    private const string Subscribe = "/subscribe", Back = "../";

    public static void Map(WebApplication app)
    {
        var link = app.MapGroup("/unsubscribe/{token}")
            .WithTags("Unsubscribe")
            .AllowAnonymous()
            .WithMetadata(new Input.BodyLimit(MaxForm))
            .AddEndpointFilterFactory(HiddenTokens.Filter);
        Describe(link.MapGet("", Ask), "askToUnsubscribe", "The page behind the link in a mail: a button, and no effect yet");
        Describe(link.MapPost("", Unsubscribe), "unsubscribe", "Switch that type of messages off (RFC 8058)");
        Describe(link.MapPost(Subscribe, SubscribeAgain), "subscribeAgain", "Switch that type of messages on again");
    }

    private static void Describe(RouteHandlerBuilder route, string name, string summary) => route
        .WithName(name)
        .WithSummary(summary)
        .WithDescription("In the user's language, or, where that is not known, in the reader's (`Accept-Language`): English or German.")
        .Produces<string>(StatusCodes.Status200OK, "text/html")
        .Produces<string>(StatusCodes.Status404NotFound, "text/html")
        .Produces<string>(StatusCodes.Status503ServiceUnavailable, "text/html");

    private static Task<IResult> Ask(string token, HttpContext context, Links links) => links.Follow(token, context, async (user, type, texts) =>
        await user.GetPreferences() is not { } preferences ? UnsubscribePage.Unknown(texts)
        : preferences.UnsubscribedTypes.Contains(type) ? UnsubscribePage.Done(texts, type, token + Subscribe)
        : UnsubscribePage.Ask(texts, type));

    private static Task<IResult> Unsubscribe(string token, HttpContext context, Links links) => links.Follow(token, context, async (user, type, texts) =>
        await user.Unsubscribe(type) ? UnsubscribePage.Done(texts, type, token + Subscribe) : UnsubscribePage.Unknown(texts));

    private static Task<IResult> SubscribeAgain(string token, HttpContext context, Links links) => links.Follow(token, context, async (user, type, texts) =>
        await user.Subscribe(type) ? UnsubscribePage.Again(texts, type, Back + token) : UnsubscribePage.Unknown(texts));

    /// <summary>Follows a link, in the language of its user.</summary>
    internal sealed class Links(UnsubscribeLinks links, IGrainFactory grains, TimeProvider clock, FaultLog log)
    {
        public async Task<IResult> Follow(string token, HttpContext context, Func<IUserGrain, string, UnsubscribeTexts, Task<IResult>> act)
        {
            var unknown = UnsubscribeTexts.For(null, context.Request);
            if (!links.TryRead(token, out var id, out var type)) return UnsubscribePage.Unknown(unknown);
            try
            {
                return await Act().WaitAsync(StoreFaults.Patience, clock);
            }
            catch (Exception fault) when (StoreFaults.Is(fault))
            {
                log.Say($"The unsubscribe link of user {id}", fault);
                return UnsubscribePage.Later(unknown);
            }

            async Task<IResult> Act()
            {
                var user = grains.GetGrain<IUserGrain>(id);
                return await act(user, type, UnsubscribeTexts.For((await user.GetUser())?.Locale, context.Request));
            }
        }
    }
}
