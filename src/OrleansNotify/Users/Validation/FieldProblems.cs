namespace OrleansNotify.Users.Validation;

/// <summary>What is wrong with the fields of something that came from outside, by their JSON names.</summary>
internal static class FieldProblems
{
    private static readonly IReadOnlyDictionary<string, string[]> None = new Dictionary<string, string[]>();

    /// <summary>Those fields that have a problem.</summary>
    public static IReadOnlyDictionary<string, string[]> Of(params ReadOnlySpan<(string Field, string? Problem)> fields)
    {
        Dictionary<string, string[]>? found = null;
        foreach (var (field, problem) in fields)
            if (problem is not null) (found ??= [])[field] = [problem];
        return found ?? None;
    }

    /// <summary>What is wrong with a short text; null if nothing is.</summary>
    public static string? OfText(string? text, int longest) =>
        IsText(text, longest) ? null : $"Must be 1 to {longest} characters without control characters.";

    /// <summary>Whether this is a text of 1 to <paramref name="longest"/> characters that keeps to one line.</summary>
    public static bool IsText(string? text, int longest) =>
        text is { Length: > 0 } && text.Length <= longest && !text.Any(c => char.IsControl(c) || c is '\u2028' or '\u2029');

    /// <summary>What is wrong with a value of an enumeration: another silo client's may be one that we do not know.</summary>
    public static string? OfEnum<T>(T value)
        where T : struct, Enum => Enum.IsDefined(value) ? null : $"Must be one of: {Names<T>()}.";

    /// <summary>The values of an enumeration as JSON has them. Those that come here are of one word each.</summary>
    public static string Names<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant();
}
