using System.Diagnostics.CodeAnalysis;

namespace OrleansNotify.Users;

/// <summary>The form of a user id, which is also the key of the user's grain.</summary>
internal static class UserId
{
    /// <summary>The rule, as an error tells it.</summary>
    public const string Rule = "Must be 1 to 128 printable ASCII characters without spaces.";

    /// <summary>Whether this may be a user's id: 1 to 128 printable ASCII characters without spaces.</summary>
    public static bool IsValid([NotNullWhen(true)] string? id) => id is { Length: >= 1 and <= 128 } && !id.AsSpan().ContainsAnyExceptInRange('!', '~');
}
