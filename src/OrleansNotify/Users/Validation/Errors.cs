namespace OrleansNotify.Users.Validation;

/// <summary>What is wrong with a request, by the JSON name of the field.</summary>
internal sealed class Errors
{
    private readonly Dictionary<string, string[]> _errors = [];

    public IReadOnlyDictionary<string, string[]> All => _errors;

    /// <summary>Notes what is wrong with a field, where it is.</summary>
    public void If(bool wrong, string field, string what)
    {
        if (wrong) _errors.TryAdd(field, [what]);
    }

    /// <summary>Whether a text is of a length from 1 to a most, without control characters.</summary>
    public static bool IsName(string? text, int most) => text is { Length: > 0 } && text.Length <= most && !text.Any(char.IsControl);
}
