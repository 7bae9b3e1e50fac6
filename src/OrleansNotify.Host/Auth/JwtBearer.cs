using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

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
    private static readonly TimeSpan AuthorityTimeout = TimeSpan.FromSeconds(3);

    public static void Add(IServiceCollection services, JwtSettings jwt)
    {
        services.AddAuthentication().AddJwtBearer();
        services.AddExceptionHandler<AuthorityAway>();
        services.AddSingleton(provider => new AuthorityDocuments(
            new HttpDocumentRetriever(new HttpClient { Timeout = AuthorityTimeout }) { RequireHttps = jwt.Authority is { IsLoopback: false } },
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<AuthorityDocuments>>()));
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .Configure<TimeProvider, AuthorityDocuments>((options, clock, documents) => Configure(options, jwt, clock, documents));
    }

    /// <summary>Who a token names, judged as if it had come with a request; null where it is not good.</summary>
    /// <exception cref="AuthorityUnavailableException">The keys to judge it by cannot be had.</exception>
    public static async Task<ClaimsIdentity?> Judge(IServiceProvider services, string token)
    {
        var bearer = services.GetRequiredService<IOptionsMonitor<JwtBearerOptions>>().Get(JwtBearerDefaults.AuthenticationScheme);
        var parameters = bearer.TokenValidationParameters.Clone();
        parameters.ConfigurationManager = bearer.ConfigurationManager as BaseConfigurationManager;
        var result = await bearer.TokenHandlers.Single().ValidateTokenAsync(token, parameters);
        if (result.IsValid) return result.ClaimsIdentity;
        return IsAway(services.GetRequiredService<AuthorityDocuments>(), result.Exception) ? throw new AuthorityUnavailableException() : null;
    }

    private static void Configure(JwtBearerOptions options, JwtSettings jwt, TimeProvider clock, AuthorityDocuments documents)
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
            options.Authority = authority.ToString();
            options.RequireHttpsMetadata = !authority.IsLoopback;
            options.TokenValidationParameters.ValidAlgorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.EcdsaSha256];
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

    // Without metadata neither the key nor the issuer is known.
    private static bool IsAway(AuthorityDocuments documents, Exception? failure) =>
        documents.IsAway && failure is (SecurityTokenSignatureKeyNotFoundException or SecurityTokenInvalidIssuerException);

    private static async Task SayThatTheAuthorityIsAway(JwtBearerChallengeContext context, AuthorityDocuments documents)
    {
        if (!IsAway(documents, context.AuthenticateFailure)) return;
        context.HandleResponse();
        await AuthorityAway.Answer(context.HttpContext);
    }
}
