using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace OrleansNotify.Templates;

/// <summary>Makes a mail's text part from its HTML.</summary>
internal sealed partial class HtmlToText
{
    private static readonly HashSet<string> Skipped = ["HEAD", "SCRIPT", "STYLE", "TITLE"];

    private static readonly HashSet<string> Blocks =
    [
        "ADDRESS", "ARTICLE", "BLOCKQUOTE", "DIV", "DL", "FIELDSET", "FOOTER", "H1", "H2", "H3", "H4", "H5", "H6", "HEADER", "MAIN", "NAV",
        "OL", "P", "PRE", "SECTION", "TABLE", "UL",
    ];

    // In a line that has a list item's mark alone, the item's first word follows directly.
    private const int AfterMark = -1;

    private readonly StringBuilder _text = new();
    private int _breaks = 2;
    private bool _space;

    /// <summary>The HTML's text: blocks apart, list items marked, a link's address after its text.</summary>
    public static string Convert(string html)
    {
        var document = new HtmlParser().ParseDocument(html);
        var made = new HtmlToText();
        made.Visit(document.Body!, false);
        return made._text.ToString().TrimEnd();
    }

    private void Visit(INode node, bool verbatim)
    {
        foreach (var child in node.ChildNodes)
        {
            if (child is IText text) Write(text.Data, verbatim);
            else if (child is IElement element && !Skipped.Contains(element.TagName) && !IsHidden(element)) Visit(element, verbatim);
        }
    }

    private void Visit(IElement element, bool verbatim)
    {
        var apart = Blocks.Contains(element.TagName) ? 2 : element.TagName is "LI" or "TR" or "DT" or "DD" ? 1 : 0;
        if (_breaks != AfterMark) Break(apart);
        switch (element.TagName)
        {
            case "BR":
                _text.Append('\n');
                (_breaks, _space) = (_breaks + 1, false);
                break;
            case "HR":
                Break(2);
                Write("---", false);
                Break(2);
                break;
            case "LI":
                Write(Mark(element), true);
                _breaks = AfterMark;
                break;
            case "IMG":
                Write(element.GetAttribute("alt") ?? "", false);
                break;
        }

        Visit((INode)element, verbatim || element.TagName == "PRE");
        if (element.TagName == "TH") Write(":", true);
        if (element.TagName is "TD" or "TH") _space = true;
        if (element.TagName == "A") WriteAddress(element);
        Break(apart);
    }

    private static string Mark(IElement item) => item.ParentElement!.TagName == "OL"
        ? $"{item.ParentElement.Children.TakeWhile(child => child != item).Count(child => child.TagName == "LI") + 1}. "
        : "- ";

    private void WriteAddress(IElement link)
    {
        var address = link.GetAttribute("href") ?? "";
        var text = link.TextContent.Trim();
        if (address.Length > 0 && address[0] != '#' && address != text && address != $"mailto:{text}") Write($" ({address})", false);
    }

    // At most one empty line between blocks, and none before the first.
    private void Break(int count)
    {
        if (count == 0) return;
        _space = false;
        for (_breaks = Math.Max(_breaks, 0); _breaks < count; _breaks++) _text.Append('\n');
    }

    private void Write(string text, bool verbatim)
    {
        foreach (var c in text)
        {
            if (!verbatim && char.IsWhiteSpace(c))
            {
                _space = true;
                continue;
            }

            if (_space && _breaks == 0) _text.Append(' ');
            _text.Append(c);
            (_space, _breaks) = (false, 0);
        }
    }

    // A preheader is for the list of mails; in the text it would stand twice.
    private static bool IsHidden(IElement element) =>
        element.HasAttribute("hidden") || HidingStyle().IsMatch(element.GetAttribute("style") ?? "");

    [GeneratedRegex(@"display\s*:\s*none", RegexOptions.IgnoreCase)]
    private static partial Regex HidingStyle();
}
