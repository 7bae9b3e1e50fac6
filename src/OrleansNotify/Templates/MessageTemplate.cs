#pragma warning disable CA1822 // skeleton
namespace OrleansNotify.Templates;

/// <summary>A template with its manifest and its parsed parts in every locale. Immutable; renders from any thread.</summary>
internal sealed class MessageTemplate
{
    public TemplateManifest Manifest => throw new InvalidOperationException("skeleton");

    /// <summary>Whether the template has this channel's part.</summary>
    public bool Has(Channel channel) => throw new InvalidOperationException("skeleton");

    /// <summary>What is wrong with these variables, by field (<c>template_vars.loss_amount</c>); empty when all is well.</summary>
    public IReadOnlyDictionary<string, string[]> Validate(TemplateVars vars) => throw new InvalidOperationException("skeleton");

    /// <exception cref="TemplateRenderException">Bounds exceeded.</exception>
    public EmailContent RenderEmail(TemplateVars vars, string locale, string? unsubscribeUrl) => throw new InvalidOperationException("skeleton");

    /// <returns>MarkdownV2, at most 4,096 characters.</returns>
    public string RenderTelegram(TemplateVars vars, string locale) => throw new InvalidOperationException("skeleton");

    /// <returns>UTF-8 JSON, at most 2,500 bytes.</returns>
    public byte[] RenderPush(TemplateVars vars, string locale) => throw new InvalidOperationException("skeleton");
}

internal sealed record EmailContent(string Subject, string Html, string Text);

internal sealed class TemplateRenderException(string message, Exception? inner = null) : Exception(message, inner);
