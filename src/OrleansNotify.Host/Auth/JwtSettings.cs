using System.Collections.Immutable;

namespace OrleansNotify.Host.Auth;

/// <summary>Whose bearer tokens the API takes: those signed with a secret of ours, or those of an authority.</summary>
internal sealed record JwtSettings
{
    /// <summary>HS256 secrets, each at least 32 bytes of UTF-8; two while one replaces the other. Empty with an authority.</summary>
    public ImmutableArray<string> Secrets { get; init; } = [];

    /// <summary>The authority's URL, whose OpenID Connect metadata name its RS256 or ES256 keys. Plain HTTP on loopback alone.</summary>
    public Uri? Authority { get; init; }

    /// <summary>The <c>aud</c> claim that a token has to carry.</summary>
    public string Audience { get; init; } = JwtTokens.Audience;

    /// <summary>Of an authority's tokens: where they hold roles, a member's name or a path with dots.</summary>
    public string RoleClaim { get; init; } = "role";

    /// <summary>Of an authority's tokens: its name for each of <see cref="Roles"/>. Empty: the names are ours.</summary>
    public ImmutableArray<(string Ours, string Theirs)> RoleNames { get; init; } = [];

    /// <summary>The roles that a name in an authority's token stands for.</summary>
    public IEnumerable<string> RolesOf(string name) =>
        RoleNames.IsEmpty ? [name] : RoleNames.Where(role => role.Theirs == name).Select(role => role.Ours);

    public override string ToString() => Authority?.ToString() ?? $"{Secrets.Length} secret(s)";
}
