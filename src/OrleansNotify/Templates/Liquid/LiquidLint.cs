using System.Text.RegularExpressions;

namespace OrleansNotify.Templates.Liquid;

/// <summary>
/// Finds what DotLiquid would let pass: variables that nobody declared, which it renders as nothing; tags and filters that put values out
/// unescaped, read files, or depend on the machine.
/// </summary>
internal sealed partial class LiquidLint(IReadOnlySet<string>? declared)
{
    private static readonly HashSet<string> Blocks = ["if", "unless", "case", "for", "capture", "raw", "comment"];
    private static readonly HashSet<string> Others = ["elsif", "else", "when", "assign", "break", "continue"];

    private static readonly HashSet<string> Words =
    [
        "and", "or", "contains", "startswith", "startsWith", "endswith", "endsWith", "in", "reversed", "limit", "offset", "true", "false",
        "nil", "null", "empty", "blank", "forloop", "app_url", "public_url", "unsubscribe_url",
    ];

    private readonly List<(int Line, string Reason)> _problems = [];
    private readonly HashSet<string> _locals = [];
    private readonly Stack<LiquidToken> _open = new();

    /// <summary>What is wrong with a part.</summary>
    /// <param name="tokens">The part's pieces.</param>
    /// <param name="declared">The manifest's variables; null where they are not known.</param>
    public static IReadOnlyList<(int Line, string Reason)> Check(IReadOnlyList<LiquidToken> tokens, IReadOnlySet<string>? declared)
    {
        var lint = new LiquidLint(declared);
        foreach (var token in tokens) lint.Check(token);
        foreach (var block in lint._open) lint._problems.Add((block.Line, $"{{% {block.Tag} %}} has no end."));
        return lint._problems;
    }

    /// <summary>Whether a part uses a variable.</summary>
    public static bool Names(IReadOnlyList<LiquidToken> tokens, string variable) =>
        tokens.Any(token => token.Tag is not null && Term().Matches(token.Markup).Any(match => match.Groups["variable"].Value == variable));

    /// <summary>Whether a tag has an end tag.</summary>
    public static bool IsBlock(string? tag) => tag is not null && Blocks.Contains(tag);

    private void Check(LiquidToken token)
    {
        switch (token.Tag)
        {
            case null:
                break;
            case "":
                Expression(token, token.Markup);
                break;
            case var end when end.StartsWith("end", StringComparison.Ordinal):
                if (!_open.TryPop(out var block) || $"end{block.Tag}" != end) Add(token, $"{{% {end} %}} ends nothing that is open.");
                break;
            case var tag when IsBlock(tag) || Others.Contains(tag):
                Tag(token);
                break;
            default:
                Add(token, $"The tag {token.Tag} cannot be used; there are {string.Join(", ", Blocks.Concat(Others).Order())}.");
                break;
        }
    }

    private void Tag(LiquidToken token)
    {
        if (IsBlock(token.Tag)) _open.Push(token);
        switch (token.Tag)
        {
            case "assign":
                Definition(token, Assignment().Match(token.Markup));
                break;
            case "capture":
                Definition(token, Name().Match(token.Markup));
                break;
            case "for":
                if (_open.Count(block => block.Tag == "for") > 2) Add(token, "Loops stand at most two deep.");
                Definition(token, Loop().Match(token.Markup));
                break;
            default:
                Expression(token, token.Markup);
                break;
        }
    }

    private void Definition(LiquidToken token, Match match)
    {
        if (!match.Success) Add(token, $"{{% {token.Tag} %}} is not written as it should be.");
        Expression(token, match.Groups["value"].Value);
        _locals.Add(match.Groups["name"].Value);
    }

    private void Expression(LiquidToken token, string markup)
    {
        foreach (var match in Term().Matches(markup).AsEnumerable())
        {
            if (match.Groups["filter"] is { Success: true } filter && !Filters.Allowed.Contains(filter.Value))
                Add(token, $"There is no filter {filter.Value}; there are {string.Join(", ", Filters.Allowed)}.");
            if (match.Groups["range"].Success && token.Tag != "for") Add(token, "A range stands in a for alone.");
            if (match.Groups["variable"] is { Success: true } variable && !IsKnown(variable.Value))
                Add(token, $"The variable {variable.Value} is not declared in the manifest.");
        }
    }

    private bool IsKnown(string name) => Words.Contains(name) || _locals.Contains(name) || declared?.Contains(name) != false;

    private void Add(LiquidToken token, string reason) => _problems.Add((token.Line, reason));

    // In this order: texts, numbers, ranges, properties, filters, names of attributes, and what is left is a variable.
    [GeneratedRegex("""
        "[^"]*"|'[^']*'|(?<![\w.])-?\d+(?:\.\d+)?|(?<range>\.\.)|\.\s*[\w-]+|\|\s*(?<filter>\w*)|(?<variable>[^\W\d][\w-]*)
        """)]
    private static partial Regex Term();

    [GeneratedRegex(@"^(?<name>\w+)\s*=\s*(?<value>.+)$")]
    private static partial Regex Assignment();

    [GeneratedRegex(@"^(?<name>\w+)$")]
    private static partial Regex Name();

    [GeneratedRegex(@"^(?<name>\w+)\s+in\s+(?<value>.+)$")]
    private static partial Regex Loop();
}
