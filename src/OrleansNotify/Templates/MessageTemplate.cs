using System.Collections.Frozen;
using System.Text.Json;

namespace OrleansNotify.Templates;

/// <summary>A template with its manifest and its parsed parts in every locale. Immutable; renders from any thread.</summary>
internal sealed class MessageTemplate(
    TemplateManifest manifest, PartSet standard, FrozenDictionary<string, PartSet> locales, LinkBases bases)
{
    /// <summary>The longest Telegram text, in UTF-16 units without its markup; the Bot API counts code points, which are fewer.</summary>
    public const int MaxTelegramLength = 4096;

    /// <summary>The longest subject of a mail, in UTF-16 units.</summary>
    public const int MaxSubjectLength = 250;

    /// <summary>The longest push, in bytes; some browsers take no more.</summary>
    public const int MaxPushLength = 2500;

    public TemplateManifest Manifest { get; } = manifest;

    /// <summary>The manifest's samples: what a preview shows where the caller gives no variables.</summary>
    public TemplateVars SampleVars { get; } = manifest.SampleVars;

    /// <summary>The locales that have a part of their own.</summary>
    public IReadOnlyCollection<string> Locales => locales.Keys;

    /// <summary>Whether it has links to the product's own pages.</summary>
    public bool UsesAppUrl { get; } = locales.Values.Prepend(standard).Any(parts => parts.UsesAppUrl);

    /// <summary>Whether the template has this channel's part.</summary>
    public bool Has(Channel channel) => channel switch
    {
        Channel.Push => standard.Push is not null,
        Channel.Telegram => standard.Telegram is not null,
        _ => standard.Html is not null,
    };

    /// <summary>What is wrong with these variables, by field (<c>template_vars.loss_amount</c>); empty when all is well.</summary>
    public IReadOnlyDictionary<string, string[]> Validate(TemplateVars vars) => VariableRules.Check(Manifest, vars);

    /// <summary>
    /// Whether every required variable is there. Enough for what was accepted before the template changed, or the rules for variables did.
    /// </summary>
    public bool HasAll(TemplateVars vars) => VariableRules.AreThere(Manifest, vars);

    /// <summary>Renders the mail.</summary>
    /// <exception cref="TemplateRenderException">Bounds exceeded.</exception>
    public EmailContent RenderEmail(TemplateVars vars, string locale, string? unsubscribeUrl)
    {
        var parts = Parts(locale);
        var variables = TemplateModel.Build(Manifest, vars);
        var html = parts.Html!.Render(variables, bases, unsubscribeUrl);
        var text = parts.Text?.Render(variables, bases, unsubscribeUrl) ?? HtmlToText.Convert(html);
        var subject = Shortening.Fit(
            MaxSubjectLength,
            longest => parts.Subject!.Render(variables, bases, unsubscribeUrl, longest),
            made => made.Length <= MaxSubjectLength);
        return new EmailContent(subject.Fits ? subject.Message : Shortening.Cut(subject.Message, MaxSubjectLength), html, text);
    }

    /// <summary>Renders the Telegram message.</summary>
    /// <returns>MarkdownV2, at most 4,096 characters.</returns>
    /// <exception cref="TemplateRenderException">Bounds exceeded, or too long though its texts were cut.</exception>
    public string RenderTelegram(TemplateVars vars, string locale)
    {
        var part = Parts(locale).Telegram!;
        var variables = TemplateModel.Build(Manifest, vars);
        var (message, fits) = Shortening.Fit(MaxTelegramLength, longest => part.Render(variables, bases, longest: longest), Fits);
        return fits ? message : throw TooLong(part);

        static bool Fits(string text) =>
            text.Length <= MaxTelegramLength || MarkdownV2.Read(text) is { Error: null, Text.Length: <= MaxTelegramLength };
    }

    /// <summary>Renders the push.</summary>
    /// <param name="vars">The variables.</param>
    /// <param name="locale">Of which locale the part is.</param>
    /// <param name="message">The message's id, which the push carries; null for a preview, which is of no message.</param>
    /// <returns>UTF-8 JSON, at most 2,500 bytes.</returns>
    /// <exception cref="TemplateRenderException">Bounds exceeded, or too long though its texts were cut.</exception>
    public byte[] RenderPush(TemplateVars vars, string locale, Guid? message = null)
    {
        var part = Parts(locale).Push!;
        var variables = TemplateModel.Build(Manifest, vars);
        try
        {
            var (push, fits) = Shortening.Fit(
                MaxPushLength, longest => PushPayload.Read(part.Render(variables, bases, longest: longest), message), push => push.Length <= MaxPushLength);
            return fits ? push : throw TooLong(part);
        }
        catch (JsonException fault)
        {
            throw new TemplateRenderException($"{part.File} gives no push with these variables.", fault);
        }
    }

    private static TemplateRenderException TooLong(TemplatePart part) =>
        new($"{part.File} is too long with these variables, even when its texts are cut to {Shortening.Shortest} characters.");

    /// <summary>The parts of pt-BR; without them those of pt; without them the default.</summary>
    private PartSet Parts(string locale)
    {
        for (var tag = locale; ; tag = tag[..tag.LastIndexOf('-')])
        {
            if (locales.TryGetValue(tag, out var parts)) return parts;
            if (!tag.Contains('-', StringComparison.Ordinal)) return standard;
        }
    }
}

internal sealed record EmailContent(string Subject, string Html, string Text);

internal sealed class TemplateRenderException(string message, Exception? inner = null) : Exception(message, inner);
