using System.Text;

namespace OrleansNotify.Templates.Liquid;

/// <summary>Puts the values of one render out: escaped for where they go, and so that none changes the host of a link.</summary>
/// <param name="target">Where they go.</param>
/// <param name="bases">Where links may lead.</param>
/// <param name="longest">The greatest length of a text that is there to be read; a longer one is cut.</param>
/// <param name="strict">Whether a value that would decide where a link leads is a fault of the template. Else it is left out.</param>
internal sealed class Output(Target target, LinkBases bases, int longest, bool strict)
{
    // Neither part of an address (RFC 3986, appendix A) nor harmless: browsers read a backslash as a slash, and drop line breaks and tabs.
    private const string Unsafe = "\"<>\\^`{|}";

    /// <summary>What the output is written to; a capture's own while it captures.</summary>
    public required BoundedWriter Writer { get; set; }

    /// <summary>A value's text.</summary>
    public string Put(object value)
    {
        var text = LiquidEngine.Format(value);
        var place = PlaceFinder.Find(Writer.GetStringBuilder(), target);
        if (place == Place.Text) return Escaping.Escape(value is IFormattable ? text : Shortening.Cut(text, longest), target);
        if (place == Place.Member) return Escaping.Escape(text, target);
        if (place is Place.Root or Place.AfterRoot) text = text.TrimStart('/', '\\', ' ', '\t', '\r', '\n');
        return Join(place, Escaping.Escape(Encode(text), target));
    }

    /// <summary>Text that is escaped already, or is not to be.</summary>
    public string PutSafe(string text) => Join(PlaceFinder.Find(Writer.GetStringBuilder(), target), text);

    private string Join(Place place, string text)
    {
        if (text.Length == 0) return text;
        return place switch
        {
            Place.Link => bases.Leads(text, target) ? text : Refuse("A variable cannot say where a link leads"),
            Place.Host => Refuse("A variable cannot be a link's host"),
            Place.AfterHost when text[0] is '/' or '?' or '#' => text,
            Place.AfterHost => (strict ? Refuse("A variable follows a link's host without a / between them") : "/") + text,
            Place.Root => strict && text.Contains("://", StringComparison.Ordinal) ? Refuse("The data.url of a push is a path") : Rooted(text),
            Place.AfterRoot when BeginsHost(text[0]) => "./" + text,
            _ => text,
        };
    }

    // "/." and what follows it is a path whatever follows.
    private static string Rooted(string text)
    {
        if (text[0] != '/') return (BeginsHost(text[0]) ? "/./" : "/") + text;
        return text.Length > 1 && BeginsHost(text[1]) ? "/." + text : text;
    }

    private static bool BeginsHost(char c) => c is '/' or '\\' || char.IsWhiteSpace(c);

    private string Refuse(string what) => strict
        ? throw new LinkException($"{what}. Begin a link with {{{{ app_url }}}}/, {{{{ public_url }}}}/ or a site of your own, and the data.url of a push with /.")
        : "";

    private static string Encode(string text)
    {
        if (!text.Any(IsUnsafe)) return text;
        StringBuilder encoded = new();
        foreach (var c in text) encoded.Append(IsUnsafe(c) ? Uri.EscapeDataString(c.ToString()) : c);
        return encoded.ToString();
    }

    private static bool IsUnsafe(char c) => char.IsWhiteSpace(c) || Unsafe.Contains(c, StringComparison.Ordinal);
}

/// <summary>A template lets a variable decide where a link leads.</summary>
internal sealed class LinkException(string message) : Exception(message);
