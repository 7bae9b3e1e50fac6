using System.Text.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using OrleansNotify.Templates.Liquid;

namespace OrleansNotify.Templates;

/// <summary>
/// Tries a part with many variables when it is loaded: text that Telegram would refuse, JSON that is none, and places where a value could
/// become markup do not start.
/// </summary>
internal sealed class PartCheck(TemplatePart part, TemplateManifest manifest, LinkBases bases)
{
    private static readonly HashSet<string> Schemes = ["http", "https", "tg", "mailto", "tel", "cid", "data"];

    private static readonly HtmlParser Html = new(new HtmlParserOptions { IsKeepingSourceReferences = true });

    /// <summary>The first problem, and where it is in what the part renders to.</summary>
    public Finding? Run(IReadOnlyList<LiquidToken> tokens)
    {
        foreach (var tried in PartCase.All(manifest, tokens))
        {
            if (Try(tried) is { } finding) return finding;
        }

        return Compare(PartCase.Pair(manifest));
    }

    /// <summary>Renders a case.</summary>
    /// <exception cref="TemplateRenderException">A filter refused a value.</exception>
    public string Render(PartCase tried) =>
        part.Render(tried.Variables, bases, tried.Unsubscribable ? bases.SampleUnsubscribeUrl : null, strict: tried.MustRender);

    private Finding? Try(PartCase tried)
    {
        string text;
        try
        {
            text = Render(tried);
        }
        catch (TemplateRenderException fault)
        {
            return tried.MustRender ? new Finding(tried, fault.InnerException!.Message, null) : null;
        }

        var (problem, offset) = part.Target switch
        {
            Target.MarkdownV2 => Telegram(text, tried.MustRender),
            Target.Json => Push(text, tried.MustRender),
            Target.Html when tried.MustRender => Links(text),
            Target.Subject when tried.MustRender && text.Length == 0 => ("The subject is empty.", 0),
            _ => (null, 0),
        };
        return problem is null ? null : new Finding(tried, problem, offset);
    }

    private static (string? Problem, int Offset) Telegram(string text, bool isUsual)
    {
        var reading = MarkdownV2.Read(text);
        if (reading.Error is not null) return ($"Telegram would refuse it: {reading.Error}.", reading.Offset);
        if (!isUsual) return (null, 0);
        if (string.IsNullOrWhiteSpace(reading.Text)) return ("The text is empty.", 0);
        if (reading.Text.Length > MessageTemplate.MaxTelegramLength)
            return ($"The text is over {MessageTemplate.MaxTelegramLength} characters.", 0);
        return reading.Links.FirstOrDefault(link => !IsAbsolute(link)) is { } relative
            ? ($"Telegram would drop the link {relative}: it is not absolute. Begin it with {{{{ app_url }}}}.", 0)
            : (null, 0);
    }

    private static (string? Problem, int Offset) Push(string text, bool isUsual)
    {
        try
        {
            return PushPayload.Read(text, Guid.Empty).Length > MessageTemplate.MaxPushLength && isUsual
                ? ($"The push is over {MessageTemplate.MaxPushLength} bytes.", 0)
                : (null, 0);
        }
        catch (JsonException fault)
        {
            var lines = text.Split('\n').Take((int)(fault.LineNumber ?? 0));
            return ($"It is not the JSON of a push: {fault.Message}", lines.Sum(line => line.Length + 1));
        }
    }

    private static (string? Problem, int Offset) Links(string text)
    {
        var (element, address) = Html.ParseDocument(text).All
            .Select(element => (Element: element, Address: element.GetAttribute("href") ?? element.GetAttribute("src")))
            .FirstOrDefault(link => link.Address is not null && !IsAbsolute(link.Address));
        return element is null
            ? (null, 0)
            : ($"A mail has no page to which the link {address} could be relative. Begin it with {{{{ app_url }}}}.", Position(element));
    }

    // With other values of the same kind the same markup must come out.
    private Finding? Compare((PartCase Harmless, PartCase Hostile) pair)
    {
        string harmless, hostile;
        try
        {
            (harmless, hostile) = (Render(pair.Harmless), Render(pair.Hostile));
        }
        catch (TemplateRenderException)
        {
            return null;
        }

        var (problem, offset) = part.Target switch
        {
            Target.MarkdownV2
                when MarkdownV2.Read(hostile) is { Error: null } reading && reading.Shape != MarkdownV2.Read(harmless).Shape =>
                ("A value becomes markup, such as the language of a code block.", 0),
            Target.MarkdownV2 => Telegram(hostile, false),
            Target.Json => Push(hostile, false),
            Target.Html => Shape(Html.ParseDocument(harmless), Html.ParseDocument(hostile)),
            _ => (null, 0),
        };
        return problem is null ? null : new Finding(pair.Hostile, problem, offset);
    }

    private static (string? Problem, int Offset) Shape(IHtmlDocument harmless, IHtmlDocument hostile)
    {
        var other = harmless.All.Select(Form).Append("").ToList();
        var changed = hostile.All.Where((element, index) => Form(element) != other[Math.Min(index, other.Count - 1)]).FirstOrDefault();
        return changed is null
            ? (null, 0)
            : ("A value stands where it becomes markup: outside quotes, or in a script or style.", Position(changed));
    }

    private static string Form(IElement element) =>
        $"{element.TagName} {string.Join(' ', element.Attributes.Select(attribute => attribute.Name))} "
        + (element is IHtmlScriptElement or IHtmlStyleElement ? element.TextContent : "");

    private static int Position(IElement element) => element.SourceReference!.Position.Index;

    private static bool IsAbsolute(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && Schemes.Contains(uri.Scheme);

    /// <summary>A problem.</summary>
    /// <param name="Case">The variables with which it shows.</param>
    /// <param name="Problem">What is wrong.</param>
    /// <param name="Offset">Where in the rendered text; null if it does not render.</param>
    internal sealed record Finding(PartCase Case, string Problem, int? Offset);
}
