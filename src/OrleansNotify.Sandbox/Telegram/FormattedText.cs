using System.Collections.Immutable;
using System.Net;
using System.Text;

namespace OrleansNotify.Sandbox.Telegram;

/// <summary>The kinds of formatting, named as the Bot API's errors name them.</summary>
internal enum EntityKind
{
    Bold,
    Italic,
    Underline,
    Strikethrough,
    Spoiler,
    Code,
    Pre,
    PreCode,
    TextUrl,
    CustomEmoji,
    BlockQuote,
    ExpandableBlockQuote,
}

/// <summary>A formatted part of a text; offset and length are in UTF-16 units.</summary>
/// <param name="Kind">How it looks.</param>
/// <param name="Offset">Where it begins.</param>
/// <param name="Length">How long it is.</param>
/// <param name="Argument">The address of a link, the language of code.</param>
internal sealed record Entity(EntityKind Kind, int Offset, int Length, string? Argument = null);

/// <summary>A text as a person sees it, with its formatting. Of two entities one lies in the other, or they lie apart.</summary>
/// <param name="Plain">The text without markup.</param>
/// <param name="Entities">Outer before inner, else in the order of the text.</param>
internal sealed record FormattedText(string Plain, ImmutableArray<Entity> Entities)
{
    /// <summary>The text as HTML.</summary>
    public string ToHtml()
    {
        StringBuilder html = new();
        Stack<Entity> open = new();
        var at = 0;
        foreach (var entity in Entities)
        {
            while (open.TryPeek(out var top) && top.Offset + top.Length <= entity.Offset) CloseTop();
            Text(entity.Offset);
            html.Append(Tags(entity).Open);
            open.Push(entity);
        }

        while (open.Count > 0) CloseTop();
        Text(Plain.Length);
        return html.ToString();

        void Text(int until)
        {
            html.Append(WebUtility.HtmlEncode(Plain[at..until]));
            at = until;
        }

        void CloseTop()
        {
            var entity = open.Pop();
            Text(entity.Offset + entity.Length);
            html.Append(Tags(entity).Close);
        }
    }

    private static (string Open, string Close) Tags(Entity entity) => entity.Kind switch
    {
        EntityKind.Bold => ("<b>", "</b>"),
        EntityKind.Italic => ("<i>", "</i>"),
        EntityKind.Underline => ("<u>", "</u>"),
        EntityKind.Strikethrough => ("<s>", "</s>"),
        EntityKind.Spoiler => ("<tg-spoiler>", "</tg-spoiler>"),
        EntityKind.Code => ("<code>", "</code>"),
        EntityKind.Pre => ("<pre>", "</pre>"),
        EntityKind.PreCode => ($"<pre><code class=\"language-{WebUtility.HtmlEncode(entity.Argument)}\">", "</code></pre>"),
        EntityKind.TextUrl => ($"<a href=\"{WebUtility.HtmlEncode(entity.Argument)}\">", "</a>"),
        EntityKind.BlockQuote or EntityKind.ExpandableBlockQuote => ("<blockquote>", "</blockquote>"),
        _ => ("", ""),
    };
}
