using DotLiquid;
using OrleansNotify.Templates.Liquid;

namespace OrleansNotify.Templates;

/// <summary>One parsed file of a template. Immutable; renders from any thread.</summary>
/// <param name="File">Its path below the templates' folder, for messages.</param>
/// <param name="Target">Where its values go.</param>
/// <param name="Liquid">The parsed text.</param>
internal sealed record TemplatePart(string File, Target Target, Template Liquid)
{
    /// <summary>Whether it has a link to the product's own pages.</summary>
    public bool UsesAppUrl { get; init; }

    /// <param name="variables">The caller's variables.</param>
    /// <param name="bases">Where links may lead.</param>
    /// <param name="unsubscribeUrl">A mail's link; null where it has none.</param>
    /// <param name="longest">The greatest length of a text that is there to be read; a longer one is cut.</param>
    /// <param name="strict">Whether it is a fault of the template that a variable would decide where a link leads.</param>
    /// <exception cref="TemplateRenderException">A bound was exceeded, or a filter refused a value.</exception>
    public string Render(Hash variables, LinkBases bases, string? unsubscribeUrl = null, int longest = int.MaxValue, bool strict = false)
    {
        try
        {
            using var writer = new BoundedWriter(LiquidEngine.MaxTextLength);
            var output = new Output(Target, bases, longest, strict) { Writer = writer };
            var text = LiquidEngine.Render(Liquid, variables, bases.Variables(unsubscribeUrl), output);
            return Target == Target.Subject ? OneLine(text) : text;
        }
        catch (Exception fault) // DotLiquid and its filters throw whatever comes their way.
        {
            throw new TemplateRenderException($"{File} cannot be rendered with these variables.", fault);
        }
    }

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}

/// <summary>The parts of a template in one locale; those that it lacks are the ones of the locale that it falls back to.</summary>
internal sealed record PartSet
{
    public TemplatePart? Subject { get; init; }
    public TemplatePart? Html { get; init; }

    /// <summary>Null where the text is made from the HTML: an own text would be in another language, or there is none.</summary>
    public TemplatePart? Text { get; init; }

    public TemplatePart? Telegram { get; init; }
    public TemplatePart? Push { get; init; }

    /// <summary>Whether any of them has a link to the product's own pages.</summary>
    public bool UsesAppUrl => new[] { Subject, Html, Text, Telegram, Push }.Any(part => part?.UsesAppUrl == true);
}
