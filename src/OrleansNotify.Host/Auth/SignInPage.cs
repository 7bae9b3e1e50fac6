using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using OrleansNotify.Host.Pages;
using OrleansNotify.Host.Security;

namespace OrleansNotify.Host.Auth;

/// <summary>The page where a browser signs in with an owner's token, and signs out.</summary>
internal static class SignInPage
{
    private const int LongestToken = 8192;

    public static void Map(WebApplication app)
    {
        app.MapGet(SignIn.Path, Show).WithPolicy(SecurityHeaders.ForPages).ExcludeFromDescription();
        app.MapPost(SignIn.Path, Enter).WithPolicy(SecurityHeaders.ForPages).ExcludeFromDescription();
        app.MapPost("/sign-out", Leave).WithPolicy(SecurityHeaders.ForPages).ExcludeFromDescription();
    }

    /// <summary>Where to go afterwards: a path of this host, never another site.</summary>
    public static string Safe(string? path) => path is ['/', not ('/' or '\\'), ..] && !path.Any(char.IsControl) ? Ascii(path) : "/";

    // A header holds nothing else.
    private static string Ascii(string path) =>
        string.Concat(path.EnumerateRunes().Select(rune => rune.IsAscii ? rune.ToString() : Uri.EscapeDataString(rune.ToString())));

    private static async Task<IResult> Show(HttpContext context, IAntiforgery antiforgery)
    {
        var session = await context.AuthenticateAsync(SignIn.Scheme);
        var form = Field(antiforgery, context);
        return session.Principal?.Identity?.Name is { } name
            ? Page.Of("signed-in", ("who", Encode(name)), ("form", form))
            : Form(antiforgery, context, context.Request.Query["return"], "");
    }

    private static async Task<IResult> Enter(HttpContext context, IAntiforgery antiforgery, TimeProvider clock)
    {
        if (!context.Request.HasFormContentType || !await antiforgery.IsRequestValidAsync(context))
            return Form(antiforgery, context, null, "This form was too old. Please try again.", StatusCodes.Status400BadRequest);
        var form = await context.Request.ReadFormAsync();
        var (token, path) = (form["token"].ToString().Trim(), form["return"].ToString());
        return token.Length is > 0 and <= LongestToken && await SignIn.Try(context, token, clock)
            ? Results.LocalRedirect(Safe(path))
            : Form(antiforgery, context, path, "That is not a valid token of an owner.", StatusCodes.Status401Unauthorized);
    }

    private static async Task<IResult> Leave(HttpContext context, IAntiforgery antiforgery)
    {
        if (!context.Request.HasFormContentType || !await antiforgery.IsRequestValidAsync(context)) return Results.LocalRedirect(SignIn.Path);
        await context.SignOutAsync(SignIn.Scheme);
        return Results.LocalRedirect(SignIn.Path);
    }

    private static IResult Form(IAntiforgery antiforgery, HttpContext context, string? path, string error, int status = StatusCodes.Status200OK) =>
        Page.Of("sign-in", status, ("return", Encode(Safe(path))), ("error", Encode(error)), ("form", Field(antiforgery, context)));

    private static string Field(IAntiforgery antiforgery, HttpContext context)
    {
        var tokens = antiforgery.GetAndStoreTokens(context);
        return $"""<input type="hidden" name="{tokens.FormFieldName}" value="{Encode(tokens.RequestToken!)}">""";
    }

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
