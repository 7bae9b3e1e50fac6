using System.Globalization;
using System.Text.Json;
using DotLiquid;
using OrleansNotify.Templates.Liquid;

namespace OrleansNotify.Templates;

/// <summary>A request's variables as a template sees them: dictionaries, lists, texts, numbers and booleans, nothing else.</summary>
internal static class TemplateModel
{
    /// <summary>The deepest nesting of lists and objects in a variable.</summary>
    public const int MaxDepth = 16;

    /// <summary>Takes the declared variables alone; a missing one has its default, or is null.</summary>
    public static Hash Build(TemplateManifest manifest, TemplateVars vars)
    {
        using var document = JsonDocument.Parse(vars.Json);
        var model = new Hash();
        foreach (var variable in manifest.Variables)
        {
            var value = Find(document.RootElement, variable.Name);
            model[variable.Name] = value is { } element ? Convert(element) : Parse(variable.DefaultJson);
        }

        return model;
    }

    /// <summary>The variable's value; null where it is missing or null.</summary>
    public static JsonElement? Find(JsonElement vars, string name) =>
        vars.TryGetProperty(name, out var element) && element.ValueKind != JsonValueKind.Null ? element : null;

    /// <summary>A copy of a value in which each text, number and boolean is changed.</summary>
    public static object? Map(object? value, Func<object, object?> change)
    {
        switch (value)
        {
            case Hash map:
                var copy = new Hash();
                foreach (var (name, inner) in map) copy[name] = Map(inner, change);
                return copy;
            case List<object?> list:
                return list.ConvertAll(inner => Map(inner, change));
            case null:
                return null;
            default:
                return change(value);
        }
    }

    private static object? Parse(string? json)
    {
        if (json is null) return null;
        using var document = JsonDocument.Parse(json);
        return Convert(document.RootElement);
    }

    private static object? Convert(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                return element.GetString();
            case JsonValueKind.Number:
                return Number(element);
            case JsonValueKind.True or JsonValueKind.False:
                return element.GetBoolean();
            case JsonValueKind.Array:
                return element.EnumerateArray().Select(Convert).ToList();
            case JsonValueKind.Object:
                var map = new Hash();
                foreach (var property in element.EnumerateObject()) map[property.Name] = Convert(property.Value);
                return map;
            default:
                return null;
        }
    }

    // What neither type holds (1e400, an integer of 30 digits) stays the text that the caller wrote, which conditions read as a number.
    private static object Number(JsonElement element)
    {
        if (element.TryGetInt64(out var integer)) return integer;
        var text = element.GetRawText();
        return Numbers.TryParse(text, out var number)
            && (text.AsSpan().ContainsAny('e', 'E') || number.ToString(CultureInfo.InvariantCulture) == text)
            ? number
            : text;
    }
}
