using System.Collections.Frozen;
using System.Text.Json;
using DotLiquid;

namespace OrleansNotify.Templates;

/// <summary>A template with its manifest and its parsed parts in every locale. Immutable; renders from any thread.</summary>
internal sealed class MessageTemplate(
    TemplateManifest manifest, PartSet standard, FrozenDictionary<string, PartSet> locales, string publicUrl)
{
    /// <summary>The longest Telegram text, in UTF-16 units without its markup; the Bot API counts code points, which are fewer.</summary>
    public const int MaxTelegramLength = 4096;

    /// <summary>The longest push, in bytes; some browsers take no more.</summary>
    public const int MaxPushLength = 2500;

    public TemplateManifest Manifest { get; } = manifest;

    /// <summary>The manifest's samples: what a preview shows where the caller gives no variables.</summary>
    public TemplateVars SampleVars { get; } = manifest.SampleVars;

    /// <summary>The locales that have a part of their own.</summary>
    public IReadOnlyCollection<string> Locales => locales.Keys;

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
        var reserved = Reserved(unsubscribeUrl);
        var html = parts.Html!.Render(variables, reserved);
        var text = parts.Text?.Render(variables, reserved) ?? HtmlToText.Convert(html);
        return new EmailContent(parts.Subject!.Render(variables, reserved), html, text);
    }

    /// <summary>Renders the Telegram message.</summary>
    /// <returns>MarkdownV2, at most 4,096 characters.</returns>
    /// <exception cref="TemplateRenderException">Bounds exceeded, or too long though its values were cut.</exception>
    public string RenderTelegram(TemplateVars vars, string locale)
    {
        var part = Parts(locale).Telegram!;
        var variables = TemplateModel.Build(Manifest, vars);
        var text = part.Render(variables, Reserved());
        return text.Length <= MaxTelegramLength || Fits(text)
            ? text
            : Shortening.Fit(variables, shorter => part.Render(shorter, Reserved()), Fits) ?? throw TooLong(part);

        static bool Fits(string text) => MarkdownV2.Read(text) is { Error: null, Text.Length: <= MaxTelegramLength };
    }

    /// <summary>Renders the push.</summary>
    /// <param name="vars">The variables.</param>
    /// <param name="locale">Of which locale the part is.</param>
    /// <param name="message">The message's id, which the push carries; null for a preview, which is of no message.</param>
    /// <returns>UTF-8 JSON, at most 2,500 bytes.</returns>
    /// <exception cref="TemplateRenderException">Bounds exceeded, or too long though its values were cut.</exception>
    public byte[] RenderPush(TemplateVars vars, string locale, Guid? message = null)
    {
        var part = Parts(locale).Push!;
        var variables = TemplateModel.Build(Manifest, vars);
        try
        {
            var push = Render(variables);
            return Fits(push) ? push : Shortening.Fit(variables, Render, Fits) ?? throw TooLong(part);
        }
        catch (JsonException fault)
        {
            throw new TemplateRenderException($"{part.File} gives no push with these variables.", fault);
        }

        byte[] Render(Hash values) => PushPayload.Read(part.Render(values, Reserved()), message);
        static bool Fits(byte[] push) => push.Length <= MaxPushLength;
    }

    private static TemplateRenderException TooLong(TemplatePart part) =>
        new($"{part.File} is too long with these variables, even when they are cut.");

    private Hash Reserved(string? unsubscribeUrl = null) => new() { ["public_url"] = publicUrl, ["unsubscribe_url"] = unsubscribeUrl };

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
