using System.Text.Json;
using OrleansNotify.Templates.Liquid;

namespace OrleansNotify.Templates;

/// <summary>What a request's variables must be like. Variables that the manifest does not name are let through and not looked at.</summary>
internal static class VariableRules
{
    private enum Kind
    {
        Scalar,
        List,
        Object,
    }

    /// <summary>What is wrong, by field; empty when all is well.</summary>
    public static IReadOnlyDictionary<string, string[]> Check(TemplateManifest manifest, TemplateVars vars)
    {
        using var document = JsonDocument.Parse(vars.Json);
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var variable in manifest.Variables)
        {
            if (Problem(variable, TemplateModel.Find(document.RootElement, variable.Name)) is { } problem)
                errors[$"template_vars.{variable.Name}"] = [problem];
        }

        return errors;
    }

    private static string? Problem(TemplateVariable variable, JsonElement? value)
    {
        if (value is not { } element) return variable.Required ? $"The template needs the variable {variable.Name}." : null;
        using var sample = JsonDocument.Parse(variable.SampleJson);
        if (KindOf(element) != KindOf(sample.RootElement))
            return $"The variable {variable.Name} is {Name(KindOf(sample.RootElement))}, not {Name(KindOf(element))}.";
        return Excess(element, 1) is { } excess ? $"The variable {variable.Name} {excess}." : null;
    }

    private static string? Excess(JsonElement element, int depth)
    {
        if (KindOf(element) == Kind.Scalar) return null;
        if (depth > TemplateModel.MaxDepth) return $"is nested more than {TemplateModel.MaxDepth} deep";
        var inner = KindOf(element) == Kind.List
            ? element.EnumerateArray().ToList()
            : element.EnumerateObject().Select(property => property.Value).ToList();
        return inner.Count > LiquidEngine.MaxIterations
            ? $"holds more than {LiquidEngine.MaxIterations} values at one level"
            : inner.Select(value => Excess(value, depth + 1)).FirstOrDefault(excess => excess is not null);
    }

    private static Kind KindOf(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => Kind.List,
        JsonValueKind.Object => Kind.Object,
        _ => Kind.Scalar,
    };

    private static string Name(Kind kind) => kind switch
    {
        Kind.List => "a list",
        Kind.Object => "an object",
        _ => "a text, a number or a boolean",
    };
}
