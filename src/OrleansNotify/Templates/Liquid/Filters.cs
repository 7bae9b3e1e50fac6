using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using DotLiquid;

namespace OrleansNotify.Templates.Liquid;

/// <summary>
/// The filters of ours, and those of the standard that we replace: some multiply text without a bound, cut emoji in two, or compile an
/// expression for each sum.
/// </summary>
[SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "DotLiquid names a filter after its method.")]
internal static class Filters
{
    /// <summary>The filters that a template may use; DotLiquid has more, which depend on the machine or which the escaping makes useless.</summary>
    public static readonly IReadOnlySet<string> Allowed = new HashSet<string>(StringComparer.Ordinal)
    {
        "abs", "append", "capitalize", "compact", "default", "divided_by", "downcase", "first", "join", "last", "lstrip", "map", "minus",
        "money", "plus", "prepend", "remove", "replace", "reverse", "round", "rstrip", "safe", "size", "sort", "split", "strip", "times",
        "truncate", "uniq", "upcase", "url_encode", "where",
    };

    private static readonly Comparer<object?> InOrder = Comparer<object?>.Create((a, b) =>
        Numbers.Order(a, b) ?? (a is null || b is null ? (a is null ? 0 : 1) - (b is null ? 0 : 1) : string.CompareOrdinal(LiquidEngine.Format(a), LiquidEngine.Format(b))));

    /// <summary>Puts the value out as it is.</summary>
    public static object? Safe(object? input) => input is null or SafeText ? input : new SafeText(LiquidEngine.Format(input));

    /// <summary>The value, or another where it is missing, false or empty. Keeps a number a number.</summary>
    public static object? Default(object? input, object? other) => input switch
    {
        null or false => other,
        string text => string.IsNullOrWhiteSpace(text) ? other : text,
        _ => input,
    };

    /// <summary>Percent-encodes a text for a path segment or a query value (RFC 3986, section 2.1).</summary>
    public static string? UrlEncode(string? input) => input is null ? null : Uri.EscapeDataString(input);

    /// <summary>
    /// An amount with at least the decimals of its currency, two where it is not told; further ones are put out unless they are zeros. Text
    /// that is not plainly a number stays as it is.
    /// </summary>
    public static object? Money(object? input, object? currency = null)
    {
        if (input is bool || !Numbers.TryRead(input, out var number)) return input;
        if (input is string text && number.ToString(CultureInfo.InvariantCulture) != text) return input;
        return number.ToString(MoneyFormat(currency), CultureInfo.InvariantCulture);
    }

    private static string MoneyFormat(object? currency)
    {
        var decimals = Currencies.Decimals(LiquidEngine.Format(currency));
        return $"0.{new string('0', decimals)}{new string('#', 28 - decimals)}";
    }

    public static decimal Plus(object? input, object? operand) => Number(input) + Number(operand);

    public static decimal Minus(object? input, object? operand) => Number(input) - Number(operand);

    public static decimal Times(object? input, object? operand) => Number(input) * Number(operand);

    public static decimal DividedBy(object? input, object? operand) => Number(input) / Number(operand);

    public static decimal Abs(object? input) => Math.Abs(Number(input));

    public static decimal Round(object? input, int places = 0) => Math.Round(Number(input), places, MidpointRounding.AwayFromZero);

    /// <summary>Cuts a text to a length in UTF-16 units, between characters as a person sees them.</summary>
    public static string? Truncate(string? input, int length = 50, string ending = "…") =>
        input is null ? null : Shortening.Cut(input, length, ending);

    /// <summary>Replaces each occurrence of a text.</summary>
    public static string? Replace(string? input, string? sought, string replacement = "")
    {
        if (string.IsNullOrEmpty(input) || string.IsNullOrEmpty(sought)) return input;
        var found = (long)input.AsSpan().Count(sought);
        BoundExceededException.ThrowIfOver(LiquidEngine.MaxTextLength, input.Length + found * (replacement.Length - sought.Length));
        return input.Replace(sought, replacement, StringComparison.Ordinal);
    }

    /// <summary>Puts a list's elements into one text.</summary>
    public static string Join(IEnumerable? input, string glue = " ")
    {
        var result = new StringBuilder();
        foreach (var element in input ?? Array.Empty<object>())
        {
            if (result.Length > 0) result.Append(glue);
            result.Append(LiquidEngine.Format(element));
            BoundExceededException.ThrowIfOver(LiquidEngine.MaxTextLength, result.Length);
        }

        return result.ToString();
    }

    /// <summary>A list in order: numbers by value, texts by their characters, what is missing first.</summary>
    public static object? Sort(object? input, string? property = null) => input is string or not IEnumerable
        ? input
        : ((IEnumerable)input).Cast<object?>().OrderBy(element => Member(element, property), InOrder).ToList();

    /// <summary>The objects of a list whose member is a value, or is there at all.</summary>
    public static object? Where(IEnumerable? input, string property, object? value = null) => input?.Cast<object?>()
        .Where(element => Member(element, property) is var member && (value is null ? member is not (null or false) : Condition.Operators["=="](member, value)))
        .ToList();

    /// <summary>Small letters, the same on every machine.</summary>
    public static string? Downcase(string? input) => input?.ToLowerInvariant();

    /// <summary>Capital letters, the same on every machine.</summary>
    public static string? Upcase(string? input) => input?.ToUpperInvariant();

    /// <summary>A capital letter, and small ones after it.</summary>
    public static string? Capitalize(string? input)
    {
        if (string.IsNullOrWhiteSpace(input)) return input;
        var first = input.Length - input.TrimStart().Length;
        return input[..first] + char.ToUpperInvariant(input[first]) + input[(first + 1)..].ToLowerInvariant();
    }

    private static object? Member(object? element, string? property)
    {
        if (property is null) return element;
        return element is Hash map && map.TryGetValue(property, out var member) ? member : null;
    }

    private static decimal Number(object? value) => Numbers.TryRead(value, out var number) ? number : throw new FormatException("Not a number.");
}
