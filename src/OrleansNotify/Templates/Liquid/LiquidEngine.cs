using System.Collections;
using System.Globalization;
using DotLiquid;

namespace OrleansNotify.Templates.Liquid;

/// <summary>DotLiquid, set up once for the process: our tags and filters, and escaping at output.</summary>
internal static class LiquidEngine
{
    /// <summary>
    /// The longest text that a part, a capture or a variable may grow to, in UTF-16 units: room for the 16 KiB of a request's variables,
    /// each character as an HTML entity, in half a dozen places.
    /// </summary>
    public const int MaxTextLength = 512 * 1024;

    /// <summary>How often one loop may pass, and how long a list in the variables may be.</summary>
    public const int MaxIterations = 200;

    private static readonly ContextPool Contexts = new();

    // A transformer is told the value alone, so where it goes is kept beside the render, which stays on one thread.
    [ThreadStatic]
    private static Output? _output;

    static LiquidEngine()
    {
        DotLiquid.Liquid.UseRubyDateFormat = true; // The first touch of this class registers the standard tags, which ours then replace.
        Template.NamingConvention = new CachedNames();
        Template.RegisterTag<BoundedAssign>("assign");
        Template.RegisterTag<SafeCapture>("capture");
        Template.RegisterFilter(typeof(Filters));
        Numbers.Register();
        Template.RegisterSafeType(typeof(SafeText), value => value);
        Template.RegisterValueTypeTransformer(typeof(SafeText), value => _output!.PutSafe(((SafeText)value).Text));
        foreach (var type in new[]
                 {
                     typeof(string), typeof(char), typeof(int), typeof(long), typeof(decimal), typeof(double), typeof(IEnumerable),
                     typeof(KeyValuePair<string, object>),
                 })
            Template.RegisterValueTypeTransformer(type, value => _output is { } output ? output.Put(value) : value);
    }

    /// <summary>Parses a part.</summary>
    /// <exception cref="DotLiquid.Exceptions.LiquidException">The text is not Liquid.</exception>
    public static Template Parse(string source)
    {
        var template = Template.Parse(source, SyntaxCompatibility.DotLiquid22a);
        template.MakeThreadSafe();
        return template;
    }

    /// <summary>Renders, from any thread: all that a render changes is in its context.</summary>
    /// <param name="template">The part.</param>
    /// <param name="variables">The caller's variables.</param>
    /// <param name="reserved">Variables of ours, looked up where the caller's have no such name.</param>
    /// <param name="output">Puts the values out.</param>
    public static string Render(Template template, Hash variables, Hash reserved, Output output)
    {
        var context = Contexts.Get();
        context.Environments.Add(variables);
        context.Environments.Add(reserved);
        _output = output;
        try
        {
            template.Root.Render(context, output.Writer);
            return output.Writer.ToString();
        }
        finally
        {
            _output = null;
            Contexts.Return(context);
        }
    }

    /// <summary>Has what is rendered now written elsewhere.</summary>
    /// <returns>Where it was written before.</returns>
    public static BoundedWriter Redirect(BoundedWriter writer)
    {
        var before = _output!.Writer;
        _output.Writer = writer;
        return before;
    }

    /// <summary>A value as text: numbers with the digits that they have, lists one element after the other.</summary>
    public static string Format(object? value) => value switch
    {
        null => "",
        string text => text,
        bool truth => truth ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable list => string.Concat(list.Cast<object?>().Select(Format)),
        _ => value.ToString()!,
    };
}
