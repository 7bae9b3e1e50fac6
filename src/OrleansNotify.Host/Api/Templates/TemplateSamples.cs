using System.Text.Json;
using OrleansNotify.Templates;

namespace OrleansNotify.Host.Api.Templates;

/// <summary>A manifest's samples.</summary>
internal static class TemplateSamples
{
    /// <summary>These variables, and the samples of those that are missing.</summary>
    public static TemplateVars Fill(TemplateManifest manifest, TemplateVars vars)
    {
        var given = JsonElement.Parse(vars.Json).EnumerateObject().ToDictionary(variable => variable.Name, variable => (object?)variable.Value);
        foreach (var variable in manifest.Variables) given.TryAdd(variable.Name, JsonElement.Parse(variable.SampleJson));
        return TemplateVars.From(given);
    }
}
