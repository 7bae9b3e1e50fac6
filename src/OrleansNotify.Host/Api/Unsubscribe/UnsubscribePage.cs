using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using OrleansNotify.Metrics;

namespace OrleansNotify.Host.Api.Unsubscribe;

/// <summary>The pages behind an unsubscribe link. No script, nothing from elsewhere, and nobody is told where the reader came from.</summary>
internal static class UnsubscribePage
{
    private const string Style = """
        :root { color-scheme: light dark; --page: #f3f5f8; --card: #fff; --line: #dfe4ea; --ink: #16202c; --soft: #5c6773; --accent: #1f5fbf; --on-accent: #fff }
        @media (prefers-color-scheme: dark) {
          :root { --page: #0d1117; --card: #161b22; --line: #30363d; --ink: #e6edf3; --soft: #a3adb8; --accent: #79b0ff; --on-accent: #0d1117 }
        }
        * { box-sizing: border-box }
        body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 16px; background: var(--page); color: var(--ink);
          font: 17px/1.5 -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, Helvetica, Arial, sans-serif }
        main { width: 100%; max-width: 440px; padding: 32px; background: var(--card); border: 1px solid var(--line); border-radius: 12px }
        h1 { margin: 0 0 12px; font-size: 24px; line-height: 1.25; overflow-wrap: anywhere }
        p { margin: 0 0 20px; color: var(--soft); overflow-wrap: anywhere }
        p:last-child { margin: 0 }
        button { width: 100%; padding: 14px 20px; border: 0; border-radius: 8px; background: var(--accent); color: var(--on-accent);
          font: inherit; font-weight: 700; cursor: pointer }
        button:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px }
        @media (max-width: 360px) { main { padding: 24px 20px } }
        """;

    private static readonly string Policy = string.Create(
        CultureInfo.InvariantCulture,
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");

    /// <summary>Asks whether to switch a type of messages off. Looking at it switches nothing off: mail scanners follow links.</summary>
    public static IResult Ask(UnsubscribeTexts texts, string type) => Of(StatusCodes.Status200OK, texts, texts.Ask, type, "");

    /// <summary>Says that it is done, and offers the way back.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="type">The type.</param>
    /// <param name="subscribe">Where the way back is posted to, as seen from the page.</param>
    public static IResult Done(UnsubscribeTexts texts, string type, string subscribe) => Of(StatusCodes.Status200OK, texts, texts.Done, type, subscribe);

    /// <summary>Says that the type is switched on again.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="type">The type.</param>
    /// <param name="unsubscribe">Where to post to switch it off after all, as seen from the page.</param>
    public static IResult Again(UnsubscribeTexts texts, string type, string unsubscribe) => Of(StatusCodes.Status200OK, texts, texts.Again, type, unsubscribe);

    /// <summary>Says that the link is none of ours, or its user is gone.</summary>
    public static IResult Unknown(UnsubscribeTexts texts) => Of(StatusCodes.Status404NotFound, texts, texts.Unknown, "", "");

    /// <summary>Says that it is not done, and offers the button again.</summary>
    public static IResult Later(UnsubscribeTexts texts) => Of(StatusCodes.Status503ServiceUnavailable, texts, texts.Later, "", "");

    private static PageResult Of(int status, UnsubscribeTexts texts, UnsubscribeText page, string type, string action)
    {
        var heading = WebUtility.HtmlEncode(page.Heading);
        var text = WebUtility.HtmlEncode(page.Text).Replace("{type}", $"<strong>{WebUtility.HtmlEncode(texts.NameOf(type))}</strong>", StringComparison.Ordinal);
        // Without an action a form goes to where the page came from.
        var target = action.Length == 0 ? "" : $" action=\"{WebUtility.HtmlEncode(action)}\"";
        var form = page.Button is null ? "" : $"<form method=\"post\"{target}><button>{WebUtility.HtmlEncode(page.Button)}</button></form>";
        return new(TypedResults.Content(
            $"""
            <!doctype html>
            <html lang="{texts.Language}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="robots" content="noindex">
            <title>{heading}</title>
            <style>{Style}</style>
            </head>
            <body><main><h1>{heading}</h1><p>{text}</p>{form}</main></body>
            </html>
            """,
            "text/html",
            Encoding.UTF8,
            status));
    }

    private sealed class PageResult(ContentHttpResult page) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var headers = httpContext.Response.Headers;
            headers.ContentSecurityPolicy = Policy;
            headers.XContentTypeOptions = "nosniff";
            headers.CacheControl = "no-store";
            // The address is the token.
            headers["Referrer-Policy"] = "no-referrer";
            if (page.StatusCode == StatusCodes.Status503ServiceUnavailable)
            {
                headers.RetryAfter = "2";
                httpContext.RequestServices.GetRequiredService<NotifyMetrics>().Refused(Reasons.StoreUnavailable);
            }

            return page.ExecuteAsync(httpContext);
        }
    }
}
