using System.Text.Json;
using OrleansNotify.Templates;

namespace OrleansNotify.Host.Api.Templates;

/// <summary>What to show of a template.</summary>
internal sealed record PreviewBody
{
    /// <summary>Variables; the manifest's samples stand in for those that are missing.</summary>
    public TemplateVars TemplateVars { get; init; } = TemplateVars.Empty;

    /// <summary>The language; <c>en</c> unless said otherwise. A template without it shows its default parts.</summary>
    public string Locale { get; init; } = "en";

    /// <summary>The one channel to show; all that the template has unless said otherwise.</summary>
    public Channel? Channel { get; init; }
}

/// <summary>A rendered template, a part for each channel.</summary>
internal sealed record TemplatePreview
{
    /// <summary>The mail.</summary>
    public EmailContent? Email { get; init; }

    /// <summary>The Telegram message, in MarkdownV2.</summary>
    public string? Telegram { get; init; }

    /// <summary>The push, as the service worker gets it.</summary>
    public JsonElement? Push { get; init; }

    /// <exception cref="TemplateRenderException">These variables make it too long.</exception>
    public static TemplatePreview Of(MessageTemplate template, TemplateVars vars, string locale, Channel? only, string unsubscribeUrl)
    {
        bool Shows(Channel channel) => template.Has(channel) && (only is null || only == channel);
        return new()
        {
            Email = Shows(Channel.Email) ? template.RenderEmail(vars, locale, template.Manifest.Unsubscribable ? unsubscribeUrl : null) : null,
            Telegram = Shows(Channel.Telegram) ? template.RenderTelegram(vars, locale) : null,
            Push = Shows(Channel.Push) ? JsonElement.Parse(template.RenderPush(vars, locale)) : null,
        };
    }
}
