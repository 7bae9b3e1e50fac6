using System.Globalization;
using System.Text.RegularExpressions;
using DotLiquid;
using OrleansNotify.Templates.Liquid;

namespace OrleansNotify.Templates;

/// <summary>Variables with which a part is tried when it is loaded: what callers send, and what they had better not.</summary>
/// <param name="Name">The case, for messages.</param>
/// <param name="Variables">The caller's variables.</param>
/// <param name="Unsubscribable">Whether a mail has the link to unsubscribe.</param>
/// <param name="MustRender">Whether a failure is the template's fault; a filter may refuse a value that makes no sense to it.</param>
internal sealed partial record PartCase(string Name, Hash Variables, bool Unsubscribable, bool MustRender)
{
    // Of the same kind for a template, but for what it does with special characters.
    private const string Harmless = "abcdefgh";
    private const string Hostile = "_a b*[]()~`>#+-=|{}.!\\ \"'<b a=\"b\" c='d'>&amp;</b> --> {{ x }}{% if %} ` ||\n>c";

    /// <summary>The samples; what a caller must send and no more; each variable empty, and with each text that the part compares with.</summary>
    public static IEnumerable<PartCase> All(TemplateManifest manifest, IReadOnlyList<LiquidToken> tokens)
    {
        var samples = Samples(manifest);
        yield return new PartCase("the samples", samples, true, true);
        yield return new PartCase("the optional variables missing", Least(manifest, samples), false, true);
        yield return With("empty variables", samples, _ => "");
        foreach (var variable in manifest.Variables)
        {
            var empty = samples[variable.Name] is List<object?> ? new List<object?>() : (object)"";
            yield return With($"an empty {variable.Name}", samples, variable.Name, empty);
            if (samples[variable.Name] is Hash or List<object?>) continue;
            foreach (var literal in Literals(tokens)) yield return With($"{variable.Name} = {literal}", samples, variable.Name, literal);
        }
    }

    /// <summary>Two of which the second has special characters where the first has none.</summary>
    public static (PartCase Harmless, PartCase Hostile) Pair(TemplateManifest manifest) => (
        With("letters in the variables", Samples(manifest), _ => Harmless),
        With("special characters in the variables", Samples(manifest), _ => Hostile));

    private static Hash Samples(TemplateManifest manifest) => TemplateModel.Build(manifest, manifest.SampleVars);

    private static Hash Least(TemplateManifest manifest, Hash samples)
    {
        var least = TemplateModel.Build(manifest, TemplateVars.Empty);
        foreach (var variable in manifest.Variables.Where(variable => variable.Required)) least[variable.Name] = samples[variable.Name];
        return least;
    }

    private static PartCase With(string name, Hash samples, Func<object, object> change) =>
        new(name, (Hash)TemplateModel.Map(samples, change)!, true, false);

    private static PartCase With(string name, Hash samples, string variable, object value)
    {
        var changed = Hash.FromDictionary(samples);
        changed[variable] = value;
        return new PartCase(name, changed, true, false);
    }

    private static List<object> Literals(IReadOnlyList<LiquidToken> tokens) => tokens
        .Where(token => token.Tag is "if" or "elsif" or "unless" or "when")
        .SelectMany(token => Literal().Matches(token.Markup))
        .Select(match => match.Groups["text"] is { Success: true } text
            ? text.Value
            : (object)decimal.Parse(match.Value, CultureInfo.InvariantCulture))
        .Distinct()
        .ToList();

    [GeneratedRegex("""["'](?<text>[^"']*)["']|(?<![\w.])-?\d+(?:\.\d+)?""")]
    private static partial Regex Literal();
}
