using System.Collections;
using System.Globalization;
using DotLiquid;

namespace OrleansNotify.Templates.Liquid;

/// <summary>Numbers in conditions and filters: by their values, whatever type holds them.</summary>
internal static class Numbers
{
    /// <summary>The ways in which JSON writes a number, without white space.</summary>
    public const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>Has DotLiquid compare numbers by value. Its own operators change the right side into the left one's type, where 0.5 is 0.</summary>
    public static void Register()
    {
        var operators = Condition.Operators;
        var equal = operators["=="];
        operators["=="] = (left, right) => Compare(left, right) is { } order ? order == 0 : equal(left, right);
        operators["!="] = operators["<>"] = (left, right) => !operators["=="](left, right);
        operators["contains"] = (left, right) => left switch
        {
            string text => right is not null && text.Contains(LiquidEngine.Format(right), StringComparison.Ordinal),
            IEnumerable list => list.Cast<object?>().Any(element => operators["=="](element, right)),
            _ => false,
        };
        operators["<"] = (left, right) => Order(left, right) < 0;
        operators[">"] = (left, right) => Order(left, right) > 0;
        operators["<="] = (left, right) => Order(left, right) <= 0;
        operators[">="] = (left, right) => Order(left, right) >= 0;
    }

    /// <summary>How two values are ordered where at least one is a number and the other can be read as one; else null.</summary>
    public static int? Compare(object? left, object? right)
    {
        if (!IsNumber(left) && !IsNumber(right)) return null;
        if (TryRead(left, out var a) && TryRead(right, out var b)) return a.CompareTo(b);
        return TryReadRoughly(left, out var x) && TryReadRoughly(right, out var y) ? x.CompareTo(y) : null;
    }

    /// <summary>The order of numbers, and of texts; null where there is none.</summary>
    public static int? Order(object? left, object? right) =>
        Compare(left, right) ?? (left is string a && right is string b ? string.CompareOrdinal(a, b) : null);

    /// <summary>A number, or a text that is one, as a decimal: exact, or rounded to 28 digits.</summary>
    /// <returns>False too where a decimal is too small: beyond its bounds, or nothing that is left of the number.</returns>
    public static bool TryRead(object? value, out decimal number)
    {
        number = 0;
        return value is not bool && TryParse(LiquidEngine.Format(value), out number);
    }

    /// <inheritdoc cref="TryRead"/>
    public static bool TryParse(string text, out decimal number) =>
        decimal.TryParse(text, Style, CultureInfo.InvariantCulture, out number)
        && (number != 0 || double.Parse(text, Style, CultureInfo.InvariantCulture) == 0);

    private static bool TryReadRoughly(object? value, out double number)
    {
        number = 0;
        return value is not bool && double.TryParse(LiquidEngine.Format(value), Style, CultureInfo.InvariantCulture, out number);
    }

    private static bool IsNumber(object? value) => value is int or long or decimal or double;
}
