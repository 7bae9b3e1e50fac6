using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using OrleansNotify.Host.Api.Errors;

namespace OrleansNotify.Host.Auth;

/// <summary>
/// Verifies bearer tokens: signature by a pinned algorithm, audience, subject and expiry, each of which a token must have. Tokens that need
/// the keys of an authority which is out of reach are neither good nor bad: their answer is 503.
/// </summary>
internal static class JwtBearer
{
    // What clocks may differ by.
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    // An API call waits for it, and is answered after 4 s whatever is outstanding.
    private static readonly TimeSpan AuthorityTimeout = TimeSpan.FromSeconds(3), AskAgain = TimeSpan.FromSeconds(5);

    public static void Add(IServiceCollection services, JwtSettings jwt)
    {
        services.AddAuthentication().AddJwtBearer();
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .Configure<TimeProvider, ILoggerFactory>((options, clock, loggers) => Configure(options, jwt, clock, loggers));
    }

    /// <summary>Who a token names, judged as if it had come with a request; null where it is not good.</summary>
    public static async Task<ClaimsIdentity?> Judge(IServiceProvider services, string token)
    {
        var bearer = services.GetRequiredService<IOptionsMonitor<JwtBearerOptions>>().Get(JwtBearerDefaults.AuthenticationScheme);
        var parameters = bearer.TokenValidationParameters.Clone();
        parameters.ConfigurationManager = bearer.ConfigurationManager as BaseConfigurationManager;
        var result = await bearer.TokenHandlers.Single().ValidateTokenAsync(token, parameters);
        return result.IsValid ? result.ClaimsIdentity : null;
    }

    private static void Configure(JwtBearerOptions options, JwtSettings jwt, TimeProvider clock, ILoggerFactory loggers)
    {
        options.MapInboundClaims = false;
        options.TokenHandlers.Clear();
        options.TokenHandlers.Add(new TokenHandler(jwt));
        options.TokenValidationParameters = new TokenValidationParameters
        {
            NameClaimType = "sub",
            RoleClaimType = "role",
            ValidAudience = jwt.Audience,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            LifetimeValidator = (from, until, _, _) => IsCurrent(from, until, clock.GetUtcNow().UtcDateTime),
        };
        options.Events = new JwtBearerEvents { OnForbidden = SayWhatIsMissing };
        if (jwt.Authority is { } authority)
        {
            var requireHttps = !authority.IsLoopback;
            options.Authority = authority.ToString();
            options.RequireHttpsMetadata = requireHttps;
            options.TokenValidationParameters.ValidAlgorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.EcdsaSha256];
            AuthorityDocuments documents = new(
                new HttpDocumentRetriever(new HttpClient { Timeout = AuthorityTimeout }) { RequireHttps = requireHttps },
                clock, loggers.CreateLogger<AuthorityDocuments>());
            options.ConfigurationManager = new ConfigurationManager<OpenIdConnectConfiguration>(
                $"{authority.ToString().TrimEnd('/')}/.well-known/openid-configuration", new OpenIdConnectConfigurationRetriever(), documents);
            options.Events.OnChallenge = context => SayThatTheAuthorityIsAway(context, documents);
        }
        else
        {
            options.TokenValidationParameters.ValidateIssuer = false;
            options.TokenValidationParameters.ValidAlgorithms = [SecurityAlgorithms.HmacSha256];
            options.TokenValidationParameters.IssuerSigningKeys = jwt.Secrets.Select(JwtTokens.Key);
        }
    }

    // The library asks with the first and the last time there is where a token names none.
    private static bool IsCurrent(DateTime? from, DateTime? until, DateTime now) => now - Skew < until && (from is null || now + Skew >= from);

    // RFC 6750, section 3.1: a token that is good, but not for this.
    private static Task SayWhatIsMissing(ForbiddenContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer error=\"insufficient_scope\"";
        return Task.CompletedTask;
    }

    private static async Task SayThatTheAuthorityIsAway(JwtBearerChallengeContext context, AuthorityDocuments documents)
    {
        // Without metadata neither the key nor the issuer is known.
        if (!documents.IsAway || context.AuthenticateFailure is not (SecurityTokenSignatureKeyNotFoundException or SecurityTokenInvalidIssuerException)) return;
        context.HandleResponse();
        await Problems.Later(
            StatusCodes.Status503ServiceUnavailable, "The authority that issues the tokens does not answer.", "authority_unavailable", AskAgain)
            .ExecuteAsync(context.HttpContext);
    }
}
