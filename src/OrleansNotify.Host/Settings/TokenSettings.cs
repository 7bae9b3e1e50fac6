using System.Collections.Immutable;
using System.Text;
using OrleansNotify.Host.Auth;

namespace OrleansNotify.Host.Settings;

/// <summary>Reads whose bearer tokens are taken.</summary>
internal static class TokenSettings
{
    private const string SecretKey = "NOTIFY_JWT_SECRET", AuthorityKey = "NOTIFY_JWT_AUTHORITY", AudienceKey = "NOTIFY_JWT_AUDIENCE",
        RoleClaimKey = "NOTIFY_JWT_ROLE_CLAIM", RolesKey = "NOTIFY_JWT_ROLES";

    /// <summary>The shortest secret, in bytes: what HS256 asks for (RFC 7518, section 3.2).</summary>
    public const int SecretBytes = 32;

    /// <returns>Null in Development without settings: a secret is made.</returns>
    public static JwtSettings? Read(SettingValues values, bool development)
    {
        var secret = values.Secret(SecretKey);
        var authority = values.Url(AuthorityKey);
        var audience = values.Text(AudienceKey) ?? JwtTokens.Audience;
        if (values.Text(AuthorityKey) is null)
        {
            foreach (var key in (string[])[AudienceKey, RoleClaimKey, RolesKey])
            {
                if (values.Text(key) is not null) values.Wrong(key, $"is of use with {AuthorityKey} alone");
            }

            return secret is null ? Missing(values, development) : new JwtSettings { Secrets = Secrets(values, secret) };
        }

        if (secret is not null) values.Wrong(AuthorityKey, $"is set beside {SecretKey}; set one of the two");
        if (authority is { Scheme: "http", IsLoopback: false }) values.Wrong(AuthorityKey, "has to be https; plain http is for loopback alone");
        JwtSettings jwt = new() { Authority = authority, Audience = audience, RoleNames = RoleNames(values) };
        return values.Text(RoleClaimKey) is { } claim ? jwt with { RoleClaim = claim } : jwt;
    }

    private static ImmutableArray<(string Ours, string Theirs)> RoleNames(SettingValues values)
    {
        List<(string, string)> names = [];
        foreach (var part in values.List(RolesKey))
        {
            var (ours, theirs) = part.Split('=', 2, StringSplitOptions.TrimEntries) is [var left, { Length: > 0 } right] ? (left, right) : ("", "");
            if (ours is Roles.Owner or Roles.Service or Roles.User) names.Add((ours, theirs));
            else values.Wrong(RolesKey, $"\"{part}\" is not a role of ours and its name there, such as owner=Notify.Owner; ours are owner, service and user");
        }

        return [.. names];
    }

    private static ImmutableArray<string> Secrets(SettingValues values, string text)
    {
        ImmutableArray<string> secrets = [.. text.Split(',', StringSplitOptions.TrimEntries)];
        if (secrets.Length > 2) values.Wrong(SecretKey, $"holds {secrets.Length} secrets; two at the most, while one replaces the other");
        foreach (var secret in secrets)
        {
            var bytes = Encoding.UTF8.GetByteCount(secret);
            if (bytes < SecretBytes) values.Wrong(SecretKey, $"a secret of {bytes} bytes is too short; at least {SecretBytes}, such as openssl rand -base64 48 gives");
        }

        return secrets;
    }

    private static JwtSettings? Missing(SettingValues values, bool development)
    {
        if (!development) values.Wrong(SecretKey, $"is missing: a secret of at least {SecretBytes} bytes, or {AuthorityKey} with {AudienceKey}");
        return null;
    }
}
