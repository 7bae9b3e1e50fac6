using System.Text.Json;
using OrleansNotify.Templates.Liquid;

namespace OrleansNotify.Templates;

/// <summary>
/// What a request's variables must be like: of the types that the manifest's samples have. Variables and members that the manifest does not
/// name are let through and not looked at.
/// </summary>
internal static class VariableRules
{
    /// <summary>What is wrong, by field; empty when all is well.</summary>
    public static IReadOnlyDictionary<string, string[]> Check(TemplateManifest manifest, TemplateVars vars)
    {
        using var document = JsonDocument.Parse(vars.Json);
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var variable in manifest.Variables)
        {
            if (Problem(variable, TemplateModel.Find(document.RootElement, variable.Name)) is var (path, problem)) errors[$"template_vars.{path}"] = [problem];
        }

        return errors;
    }

    /// <summary>Whether every required variable is there.</summary>
    public static bool AreThere(TemplateManifest manifest, TemplateVars vars)
    {
        using var document = JsonDocument.Parse(vars.Json);
        return manifest.Variables.All(variable => !variable.Required || TemplateModel.Find(document.RootElement, variable.Name) is not null);
    }

    private static (string Path, string Problem)? Problem(TemplateVariable variable, JsonElement? value)
    {
        if (value is not { } element) return variable.Required ? (variable.Name, $"The template needs the variable {variable.Name}.") : null;
        if (Excess(element, 1) is { } excess) return (variable.Name, $"The variable {variable.Name} {excess}.");
        using var sample = JsonDocument.Parse(variable.SampleJson);
        return Mismatch(variable.Name, element, [sample.RootElement]);
    }

    private static string? Excess(JsonElement element, int depth)
    {
        if (element.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object)) return null;
        if (depth > TemplateModel.MaxDepth) return $"is nested more than {TemplateModel.MaxDepth} deep";
        var inner = element.ValueKind == JsonValueKind.Array
            ? element.EnumerateArray().ToList()
            : element.EnumerateObject().Select(property => property.Value).ToList();
        return inner.Count > LiquidEngine.MaxIterations
            ? $"holds more than {LiquidEngine.MaxIterations} values at one level"
            : inner.Select(value => Excess(value, depth + 1)).FirstOrDefault(excess => excess is not null);
    }

    // A list's elements are of the types of the sample's elements, whichever; an empty sample, or one of nulls, says nothing of them.
    private static (string Path, string Problem)? Mismatch(string path, JsonElement value, IReadOnlyList<JsonElement> samples)
    {
        samples = [.. samples.Where(sample => sample.ValueKind != JsonValueKind.Null)];
        if (value.ValueKind == JsonValueKind.Null || samples.Count == 0) return null;
        var alike = samples.Where(sample => Type(sample) == Type(value)).ToList();
        if (alike.Count == 0) return (path, $"The variable {path} is {Type(samples[0])}, not {Type(value)}.");
        return value.ValueKind switch
        {
            JsonValueKind.Array => First(value.EnumerateArray().Select((element, at) =>
                Mismatch($"{path}[{at}]", element, [.. alike.SelectMany(sample => sample.EnumerateArray())]))),
            JsonValueKind.Object => First(value.EnumerateObject().Select(member =>
                Mismatch($"{path}.{member.Name}", member.Value, [.. alike.SelectMany(sample => Member(sample, member.Name))]))),
            _ => null,
        };
    }

    private static (string, string)? First(IEnumerable<(string, string)?> problems) => problems.FirstOrDefault(problem => problem is not null);

    private static IEnumerable<JsonElement> Member(JsonElement sample, string name) =>
        sample.TryGetProperty(name, out var member) ? [member] : [];

    private static string Type(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        _ => "a boolean",
    };
}
