using DotLiquid;
using OrleansNotify.Templates;
using OrleansNotify.Templates.Liquid;

namespace OrleansNotify.Tests.Templates.Liquid;

internal static class Parts
{
    /// <summary>Of a template without variables; the product and the cluster have different origins.</summary>
    public static LinkBases Bases { get; } =
        new("https://notify.example", "https://app.example", new TemplateManifest { Name = "t", Type = "alert", Variables = [] });

    public static string Render(string source, params (string Name, object? Value)[] variables) => Render(source, Target.Text, variables);

    public static string Render(string source, Target target, params (string Name, object? Value)[] variables)
    {
        var hash = new Hash();
        foreach (var (name, value) in variables) hash[name] = value;
        return new TemplatePart("t/part.liquid", target, LiquidEngine.Parse(source)).Render(hash, Bases);
    }
}
