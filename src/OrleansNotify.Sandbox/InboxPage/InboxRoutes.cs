using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace OrleansNotify.Sandbox.InboxPage;

/// <summary>The page that shows what people would have received. It shows everything to whoever may ask: who may is for the host to say.</summary>
public static class InboxRoutes
{
    private const int MostAtOnce = 200;

    // A mail is somebody else's markup: it may bring its own styles and nothing else, runs nothing, loads nothing.
    private const string MailPolicy =
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
        + "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Maps <c>/inbox</c> and what it loads.</summary>
    /// <param name="routes">The host's routes.</param>
    /// <param name="inbox">What is shown.</param>
    /// <param name="appUrl">Where the product's own pages are: a push opens one of them.</param>
    public static RouteGroupBuilder MapInbox(this IEndpointRouteBuilder routes, Inbox inbox, Uri appUrl)
    {
        var group = routes.MapGroup("/inbox");
        group.MapGet("", () => File("inbox.html", "text/html"));
        group.MapGet("inbox.css", () => File("inbox.css", "text/css"));
        group.MapGet("inbox.js", () => File("inbox.js", "text/javascript"));
        group.MapGet("items", (string? after) => Results.Json(Since(inbox, after, appUrl), Json));
        group.MapGet("mails/{number:long}", (HttpContext context, long number) => Mail(context, inbox, number));
        return group;
    }

    private static ImmutableArray<InboxItem> Since(Inbox inbox, string? after, Uri appUrl)
    {
        var from = long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        return [.. inbox.Items.Where(item => item.Number > from).TakeLast(MostAtOnce).Select(item => InboxItem.Of(item, appUrl))];
    }

    private static IResult Mail(HttpContext context, Inbox inbox, long number)
    {
        if (inbox.Items.FirstOrDefault(item => item.Number == number) is not DeliveredMail mail || MailView.Of(mail).Html is not { } html)
            return Results.NotFound();
        context.Response.Headers.ContentSecurityPolicy = MailPolicy;
        return Results.Content(html, "text/html; charset=utf-8", Encoding.UTF8);
    }

    private static IResult File(string name, string type) =>
        Results.Stream(typeof(InboxRoutes).Assembly.GetManifestResourceStream("inbox/" + name)!, type + "; charset=utf-8");
}
