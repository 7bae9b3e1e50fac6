using OrleansNotify.Host.Auth;
using OrleansNotify.Host.Security;

namespace OrleansNotify.Host.Pages;

/// <summary>The page at the root, and what all pages share.</summary>
internal static class PageRoutes
{
    public static void MapPages(this WebApplication app)
    {
        var inbox = app.Environment.IsDevelopment() ? Page.Read("inbox-link.html") : "";
        app.MapGet("/", () => Page.Of("home", ("inbox", inbox))).WithPolicy(SecurityHeaders.ForPages).ExcludeFromDescription();
        app.MapGet("/pages.css", () => Results.Text(Page.Read("pages.css"), "text/css")).ExcludeFromDescription();
        app.MapGet("/favicon.svg", () => Results.Text(Page.Read("favicon.svg"), "image/svg+xml")).ExcludeFromDescription();
        SignInPage.Map(app);
    }
}
