using DotLiquid.Exceptions;
using OrleansNotify.Templates.Liquid;

namespace OrleansNotify.Templates;

/// <summary>Parses and checks one part.</summary>
internal static class PartReader
{
    /// <summary>The part; null if there are problems, which are then among those given.</summary>
    /// <param name="file">Its path below the templates' folder.</param>
    /// <param name="target">Where its values go.</param>
    /// <param name="source">Its text.</param>
    /// <param name="manifest">The template's manifest; null if that is broken, and then less is checked.</param>
    /// <param name="bases">Where its links may lead; null where the manifest is.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public static TemplatePart? Read(
        string file, Target target, string source, TemplateManifest? manifest, LinkBases? bases, LoadProblems problems)
    {
        var tokens = LiquidToken.Read(source, out var unclosed);
        if (unclosed > 0)
        {
            problems.Add(file, unclosed, "The braces have no end.");
            return null;
        }

        var declared = manifest?.Variables.Select(variable => variable.Name).ToHashSet();
        var found = LiquidLint.Check(tokens, declared);
        foreach (var (line, reason) in found) problems.Add(file, line, reason);
        if (found.Count > 0) return null;
        if (Parse(source) is { } fault)
        {
            problems.Add(file, FirstLine(tokens, text => Parse(text) is not null), fault.Message);
            return null;
        }

        var part = new TemplatePart(file, target, LiquidEngine.Parse(source))
        {
            UsesAppUrl = declared?.Contains("app_url") == false && LiquidLint.Names(tokens, "app_url"),
        };
        if (manifest is null || new PartCheck(part, manifest, bases!).Run(tokens) is not { } finding) return part;
        var place = finding.Offset is { } offset
            ? SourceLines.Find(Rendered(SourceLines.Mark(tokens))!, offset)
            : FirstLine(tokens, text => Rendered(text) is null);
        problems.Add(file, place, $"With {finding.Case.Name}: {finding.Problem}");
        return null;

        string? Rendered(string text)
        {
            try
            {
                return new PartCheck(part with { Liquid = LiquidEngine.Parse(text) }, manifest, bases!).Render(finding.Case);
            }
            catch (TemplateRenderException)
            {
                return null;
            }
        }
    }

    private static LiquidException? Parse(string source)
    {
        try
        {
            LiquidEngine.Parse(source);
            return null;
        }
        catch (LiquidException fault)
        {
            return fault;
        }
    }

    // DotLiquid names no line: it is the one of the last piece of the shortest beginning that, with its open blocks closed, fails.
    private static int FirstLine(List<LiquidToken> tokens, Func<string, bool> fails)
    {
        var open = new Stack<string>();
        var source = "";
        return tokens.First(token =>
        {
            source += token.Source;
            if (LiquidLint.IsBlock(token.Tag)) open.Push($"{{% end{token.Tag} %}}");
            else if (token.Tag?.StartsWith("end", StringComparison.Ordinal) == true) open.Pop();
            return fails(source + string.Concat(open));
        }).Line;
    }
}
