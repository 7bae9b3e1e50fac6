using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;

namespace OrleansNotify.Host.Auth;

/// <summary>A browser's session: an owner's token, shown once, becomes a cookie that scripts cannot read and other sites cannot use.</summary>
internal static class SignIn
{
    /// <summary>The cookie's authentication scheme.</summary>
    public const string Scheme = "sign-in";

    /// <summary>The page.</summary>
    public const string Path = "/sign-in";

    private const string TokenName = "bearer", ReturnParameter = "return";

    // A working day; the token's own end may be sooner.
    private static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    /// <param name="services">The host's services.</param>
    /// <param name="behindHttps">Whether people reach the host by HTTPS, even where a proxy ends it.</param>
    public static void Add(IServiceCollection services, bool behindHttps)
    {
        var secure = behindHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        services.AddAuthentication().AddCookie(Scheme, options =>
        {
            options.Cookie.Name = "notify.session";
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.HttpOnly = true;
            options.Cookie.SecurePolicy = secure;
            options.SlidingExpiration = false;
            options.LoginPath = Path;
            options.ReturnUrlParameter = ReturnParameter;
            options.Events.OnValidatePrincipal = EndWithItsToken;
            options.Events.OnRedirectToLogin = AskToSignIn;
            options.Events.OnRedirectToAccessDenied = context => Answer(context.HttpContext, StatusCodes.Status403Forbidden);
        });
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "notify.form";
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.SecurePolicy = secure;
        });
    }

    /// <summary>An owner by session, or, for programs, by bearer token.</summary>
    public static AuthorizationPolicy Owner { get; } =
        new AuthorizationPolicyBuilder(JwtBearerDefaults.AuthenticationScheme, Scheme).RequireRole(Roles.Owner).Build();

    /// <summary>An owner, or whoever sits at this machine: for pages of Development.</summary>
    public static AuthorizationPolicy OwnerOrLocal { get; } =
        new AuthorizationPolicyBuilder(JwtBearerDefaults.AuthenticationScheme, Scheme)
            .RequireAssertion(context => context.User.IsInRole(Roles.Owner) || context.Resource is HttpContext http && LocalRequest.Is(http))
            .Build();

    /// <summary>Takes a token, and answers it with the session's cookie if it is an owner's.</summary>
    public static async Task<bool> Try(HttpContext context, string token, TimeProvider clock)
    {
        if (await JwtBearer.Judge(context.RequestServices, token) is not { } bearer || !IsOwner(bearer)) return false;
        var latest = clock.GetUtcNow() + Longest;
        ClaimsIdentity identity = new([new("sub", bearer.Name!), new("role", Roles.Owner)], Scheme, nameType: "sub", roleType: "role");
        AuthenticationProperties session = new() { ExpiresUtc = latest };
        session.StoreTokens([new AuthenticationToken { Name = TokenName, Value = token }]);
        await context.SignInAsync(Scheme, new ClaimsPrincipal(identity), session);
        return true;
    }

    // The cookie holds the token, encrypted, and is worth no more than it: a token that has ended, or whose secret is gone, ends the session.
    private static async Task EndWithItsToken(CookieValidatePrincipalContext context)
    {
        var token = context.Properties.GetTokenValue(TokenName);
        var bearer = token is null ? null : await JwtBearer.Judge(context.HttpContext.RequestServices, token);
        if (bearer is null || !IsOwner(bearer)) context.RejectPrincipal();
    }

    private static bool IsOwner(ClaimsIdentity bearer) => bearer.HasClaim(bearer.RoleClaimType, Roles.Owner);

    // Relative: what a request says of its host is for whoever sent it to say.
    private static Task AskToSignIn(RedirectContext<CookieAuthenticationOptions> context)
    {
        var (request, response) = (context.Request, context.Response);
        if (response.HasStarted) return Task.CompletedTask;
        if (!request.GetTypedHeaders().Accept.Any(type => type.MediaType == "text/html")) return Answer(context.HttpContext, StatusCodes.Status401Unauthorized);
        response.Redirect(Path + QueryString.Create(ReturnParameter, request.PathBase + request.Path + request.QueryString));
        return Task.CompletedTask;
    }

    private static Task Answer(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
