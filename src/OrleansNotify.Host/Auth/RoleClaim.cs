using System.Text.Json;

namespace OrleansNotify.Host.Auth;

/// <summary>Reads the names of roles out of a token's claims.</summary>
internal static class RoleClaim
{
    /// <summary>The texts at a path: one, or those of an array. Empty where there are none.</summary>
    /// <param name="claims">A JSON object.</param>
    /// <param name="path">
    /// A member's name, or names with dots between them, such as <c>realm_access.roles</c>. A name may hold dots itself, as a URL does: the
    /// longest name that is there is taken.
    /// </param>
    public static IEnumerable<string> Read(JsonElement claims, string path)
    {
        if (claims.ValueKind != JsonValueKind.Object) return [];
        for (var end = path.Length; end > 0; end = path.LastIndexOf('.', end - 1))
        {
            if (!claims.TryGetProperty(path[..end], out var member)) continue;
            return end == path.Length ? Texts(member) : Read(member, path[(end + 1)..]);
        }

        return [];
    }

    private static List<string> Texts(JsonElement member) => member.ValueKind switch
    {
        JsonValueKind.String => [member.GetString()!],
        JsonValueKind.Array => [.. member.EnumerateArray().Where(each => each.ValueKind == JsonValueKind.String).Select(each => each.GetString()!)],
        _ => [],
    };
}
