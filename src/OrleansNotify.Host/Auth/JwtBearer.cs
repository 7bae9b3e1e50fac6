using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Tokens;

namespace OrleansNotify.Host.Auth;

/// <summary>Verifies bearer tokens: signature by a pinned algorithm, audience and expiry, each of which a token must have.</summary>
internal static class JwtBearer
{
    // What clocks may differ by.
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    public static void Add(IServiceCollection services, JwtSettings jwt)
    {
        services.AddAuthentication().AddJwtBearer();
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .Configure<TimeProvider>((options, clock) => Configure(options, jwt, clock));
    }

    private static void Configure(JwtBearerOptions options, JwtSettings jwt, TimeProvider clock)
    {
        options.MapInboundClaims = false;
        options.TokenValidationParameters = new TokenValidationParameters
        {
            NameClaimType = "sub",
            RoleClaimType = "role",
            ValidAudience = jwt.Audience,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            LifetimeValidator = (from, until, _, _) => IsCurrent(from, until, clock.GetUtcNow().UtcDateTime),
        };
        if (jwt.Authority is { } authority)
        {
            options.Authority = authority.ToString();
            options.RequireHttpsMetadata = !authority.IsLoopback;
            options.TokenValidationParameters.ValidAlgorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.EcdsaSha256];
        }
        else
        {
            options.TokenValidationParameters.ValidateIssuer = false;
            options.TokenValidationParameters.ValidAlgorithms = [SecurityAlgorithms.HmacSha256];
            options.TokenValidationParameters.IssuerSigningKeys = jwt.Secrets.Select(JwtTokens.Key);
        }

        options.Events = new JwtBearerEvents { OnForbidden = SayWhatIsMissing };
    }

    private static bool IsCurrent(DateTime? from, DateTime? until, DateTime now) => now < until + Skew && (from is null || now >= from - Skew);

    // RFC 6750, section 3.1: a token that is good, but not for this.
    private static Task SayWhatIsMissing(ForbiddenContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer error=\"insufficient_scope\"";
        return Task.CompletedTask;
    }
}
