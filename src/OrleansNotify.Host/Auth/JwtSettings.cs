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

    public override string ToString() => Authority?.ToString() ?? $"{Secrets.Length} secret(s)";
}
