using System.Globalization;

namespace OrleansNotify.Host.Api.Input;

/// <summary>How many items a page of a list is asked to hold: the query's <c>limit</c>.</summary>
internal static class PageLimit
{
    private const int Usual = 20, Most = 100;

    /// <summary>What is said of one that is wrong.</summary>
    public static string Rule { get; } = $"Must be a number from 1 to {Most}.";

    /// <summary>Reads it; 20 where it is left out, null where it is wrong.</summary>
    public static int? Read(string? text) => text is null
        ? Usual
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= Most ? limit : null;
}
