using System.Security.Claims;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace OrleansNotify.Host.Auth;

/// <summary>Makes the bearer tokens that <see cref="JwtSettings.Secrets"/> verify.</summary>
internal static class JwtTokens
{
    /// <summary>The <c>aud</c> claim of every token of ours.</summary>
    public const string Audience = "orleans-notify";

    /// <summary>Makes a token (HS256, RFC 7519).</summary>
    /// <param name="secret">At least 32 bytes of UTF-8.</param>
    /// <param name="sub">Whom it is for; with the role <see cref="Roles.User"/> the user's id.</param>
    /// <param name="role">One of <see cref="Roles"/>.</param>
    /// <param name="lifetime">How long it is good for, from now.</param>
    /// <param name="clock">Says what now is.</param>
    public static string Mint(string secret, string sub, string role, TimeSpan lifetime, TimeProvider clock)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Subject = new ClaimsIdentity([new("sub", sub), new("role", role)]),
            Audience = Audience,
            IssuedAt = now,
            NotBefore = now,
            Expires = now + lifetime,
            SigningCredentials = new(Key(secret), SecurityAlgorithms.HmacSha256),
        });
    }

    /// <summary>The key that a secret stands for.</summary>
    public static SymmetricSecurityKey Key(string secret) => new(Encoding.UTF8.GetBytes(secret));
}
