namespace OrleansNotify.Host.Auth;

/// <summary>The roles of a token; each policy of the same name takes that role and those above it.</summary>
internal static class Roles
{
    /// <summary>May do everything.</summary>
    public const string Owner = "owner";

    /// <summary>Sends, runs campaigns and keeps users: product code.</summary>
    public const string Service = "service";

    /// <summary>A person, whose id is the token's <c>sub</c>: own preferences, addresses and messages.</summary>
    public const string User = "user";

    /// <summary>The person of a route, or an owner: for what a program must not do in a person's name.</summary>
    public const string OwnerOrUser = "owner or user";

    /// <summary>Whoever has a token.</summary>
    public const string Any = "any";
}
