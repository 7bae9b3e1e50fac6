using System.Security.Claims;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace OrleansNotify.Host.Auth;

/// <summary>Judges a bearer token: what the library verifies, and what it leaves to whoever uses it.</summary>
internal sealed class TokenHandler : JsonWebTokenHandler
{
    private readonly JwtSettings _jwt;

    public TokenHandler(JwtSettings jwt)
    {
        _jwt = jwt;
        MapInboundClaims = false;
    }

    public override async Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters)
    {
        var result = await base.ValidateTokenAsync(token, validationParameters);
        if (!result.IsValid) return result;
        var read = (JsonWebToken)result.SecurityToken;
        // RFC 7515, section 4.1.11: whoever does not know an extension that is called critical has to refuse; we know none.
        if (read.TryGetHeaderValue<object>("crit", out _)) return Refused("The token calls an extension critical that is not known here.");
        if (string.IsNullOrWhiteSpace(read.Subject)) return Refused("The token names nobody: it has no sub.");
        if (_jwt.Authority is not null) SetRoles(result.ClaimsIdentity, read);
        return result;
    }

    private static TokenValidationResult Refused(string why) => new() { IsValid = false, Exception = new SecurityTokenValidationException(why) };

    // The authority names roles in its own way; only what the settings say counts.
    private void SetRoles(ClaimsIdentity identity, JsonWebToken token)
    {
        foreach (var claim in identity.FindAll(identity.RoleClaimType).ToList()) identity.RemoveClaim(claim);
        using var payload = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(token.EncodedPayload));
        foreach (var name in RoleClaim.Read(payload.RootElement, _jwt.RoleClaim))
        {
            foreach (var role in _jwt.RolesOf(name)) identity.AddClaim(new Claim(identity.RoleClaimType, role));
        }
    }
}
