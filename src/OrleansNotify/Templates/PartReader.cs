using DotLiquid.Exceptions;
using OrleansNotify.Templates.Liquid;

namespace OrleansNotify.Templates;

/// <summary>Parses one part.</summary>
internal static class PartReader
{
    /// <summary>The part; null if there are problems, which are then among those given.</summary>
    public static TemplatePart? Read(string file, Target target, string source, IReadOnlySet<string>? declared, LoadProblems problems)
    {
        var tokens = LiquidToken.Read(source, out var unclosed);
        if (unclosed > 0)
        {
            problems.Add(file, unclosed, "The braces have no end.");
            return null;
        }

        var found = LiquidLint.Check(tokens, declared);
        foreach (var (line, reason) in found) problems.Add(file, line, reason);
        if (found.Count > 0) return null;
        try
        {
            return new TemplatePart(file, target, LiquidEngine.Parse(source));
        }
        catch (LiquidException fault)
        {
            problems.Add(file, LineOf(tokens), fault.Message);
            return null;
        }
    }

    // DotLiquid names no line: it is the one of the last piece of the shortest beginning that, with its open blocks closed, does not parse.
    private static int LineOf(List<LiquidToken> tokens)
    {
        var open = new Stack<string>();
        var source = "";
        foreach (var token in tokens)
        {
            source += token.Source;
            if (token.Tag is "if" or "unless" or "case" or "for" or "capture" or "raw" or "comment") open.Push($"{{% end{token.Tag} %}}");
            else if (token.Tag?.StartsWith("end", StringComparison.Ordinal) == true) open.Pop();
            try
            {
                LiquidEngine.Parse(source + string.Concat(open));
            }
            catch (LiquidException)
            {
                return token.Line;
            }
        }

        return 1;
    }
}
