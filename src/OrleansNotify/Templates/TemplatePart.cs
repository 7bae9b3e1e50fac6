using DotLiquid;
using OrleansNotify.Templates.Liquid;

namespace OrleansNotify.Templates;

/// <summary>One parsed file of a template. Immutable; renders from any thread.</summary>
/// <param name="File">Its path below the templates' folder, for messages.</param>
/// <param name="Target">Where its values go.</param>
/// <param name="Liquid">The parsed text.</param>
internal sealed record TemplatePart(string File, Target Target, Template Liquid)
{
    /// <summary>The longest subject of a mail, in UTF-16 units; a longer one is cut.</summary>
    public const int MaxSubjectLength = 250;

    /// <exception cref="TemplateRenderException">A bound was exceeded, or a filter refused a value.</exception>
    public string Render(Hash variables, Hash reserved)
    {
        try
        {
            var text = LiquidEngine.Render(Liquid, variables, reserved, Target);
            return Target == Target.Subject ? OneLine(text) : text;
        }
        catch (Exception fault) // DotLiquid and its filters throw whatever comes their way.
        {
            throw new TemplateRenderException($"{File} cannot be rendered with these variables.", fault);
        }
    }

    private static string OneLine(string text) =>
        Shortening.Cut(string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), MaxSubjectLength);
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
}
