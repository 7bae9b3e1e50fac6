using System.Globalization;
using DotLiquid;
using OrleansNotify.Templates;
using OrleansNotify.Templates.Liquid;

namespace OrleansNotify.Tests.Templates.Liquid;

public sealed class LiquidEngineTests
{
    private static readonly List<object?> Items = ["<1>", 2L, 3.5m, true, null, false, new List<object?> { "&" }];

    [Theory]
    [InlineData("{{ x }}", "&lt;b&gt;")]
    [InlineData("{{ x | upcase }}", "&lt;B&gt;")]
    [InlineData("{{ x | append: '&' }}", "&lt;b&gt;&amp;")]
    [InlineData("{{ '<' }}{{ \"&\" }}", "&lt;&amp;")]
    [InlineData("{{ x | safe }}", "<b>")]
    [InlineData("{{ x | safe | safe }}{{ missing | safe }}", "<b>")]
    [InlineData("{% assign y = x | safe %}{{ y }}", "<b>")]
    [InlineData("{% assign y = x | append: 'c' %}{{ y }}", "&lt;b&gt;c")]
    [InlineData("{% capture y %}<i>{{ x }}</i>{% endcapture %}{{ y }}{{ y }}", "<i>&lt;b&gt;</i><i>&lt;b&gt;</i>")]
    [InlineData("{% capture y %}{% capture z %}{{ x }}{% endcapture %}{{ z }}{% endcapture %}{{ y }}", "&lt;b&gt;")]
    [InlineData("{{ items }}", "&lt;1&gt;23.5truefalse&amp;")]
    [InlineData("{{ items | first }}{{ x | first }}", "&lt;1&gt;&lt;")]
    [InlineData("{% for item in map %}{{ item }}{% endfor %}", "[&lt;, &gt;]")]
    [InlineData("{{ map }}", "[&lt;, &gt;]")]
    [InlineData("{{ map['<'] }}", "&gt;")]
    [InlineData("{{ 1 }} {{ -2.50 }} {{ items.size }} {{ items[1] }} {{ items[2] }} {{ yes }} {{ double }}", "1 -2.50 7 2 3.5 true 0.1")]
    [InlineData("{{ missing }}{{ x.missing }}", "")]
    [InlineData("{% raw %}{{ x }}{% endraw %}{% comment %}{{ x }}{% endcomment %}", "{{ x }}")]
    [InlineData("{{ public_url }} {{ app_url }}", "https://notify.example https://app.example")]
    public void Values_are_escaped_at_output_after_their_filters_and_once(string source, string expected) =>
        Assert.Equal(expected, Parts.Render(source, Target.Html, Variables()));

    [Fact]
    public void A_value_that_looks_like_Liquid_is_text() =>
        Assert.Equal("{{ y }}{% raw %}", Parts.Render("{{ x }}", ("x", "{{ y }}{% raw %}"), ("y", "secret")));

    [Fact]
    public void What_one_render_assigns_the_next_does_not_see()
    {
        Parts.Render("{% assign y = 'left' %}{% for i in items %}{% endfor %}", Variables());

        Assert.Equal("", Parts.Render("{{ y }}", Variables()));
        Assert.Throws<TemplateRenderException>(() => Parts.Render("{% assign y = 'left' %}{{ x | plus: 1 }}", Variables()));
        Assert.Equal("", Parts.Render("{{ y }}", Variables()));
    }

    [Fact]
    public void Outside_our_renders_DotLiquid_escapes_nothing()
    {
        Parts.Render("{{ x }}", Target.Html, Variables());

        Assert.Equal("<b>", Template.Parse("{{ x }}").Render(Hash.FromAnonymousObject(new { x = "<b>" }), CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Kept_contexts_and_cached_names_render_what_stock_DotLiquid_renders()
    {
        foreach (var file in Directory.EnumerateFiles(Shipped.Directory, "*.liquid", SearchOption.AllDirectories))
        {
            var source = File.ReadAllText(file);
            var manifest = Shipped.Catalog.Find(Path.GetRelativePath(Shipped.Directory, file).Split(Path.DirectorySeparatorChar)[0])!.Manifest;

            // As texts, for stock output drops the last zeros of a number.
            var variables = (Hash)TemplateModel.Map(TemplateModel.Build(manifest, manifest.SampleVars), LiquidEngine.Format)!;
            var reserved = Parts.Bases.Variables(null);
            var stock = new Hash();
            stock.Merge(variables);
            stock.Merge(reserved);

            var parameters = new RenderParameters(CultureInfo.InvariantCulture)
            {
                LocalVariables = stock,
                SyntaxCompatibilityLevel = SyntaxCompatibility.DotLiquid22a,
                ErrorsOutputMode = ErrorsOutputMode.Rethrow,
            };
            var expected = Template.Parse(source, SyntaxCompatibility.DotLiquid22a).Render(parameters);

            Assert.Equal(expected, new TemplatePart(file, Target.Text, LiquidEngine.Parse(source)).Render(variables, Parts.Bases));
        }
    }

    [Fact]
    public void Many_threads_render_what_one_renders()
    {
        var template = Shipped.Catalog.Find("position_failure_entry")!;
        var expected = Enumerable.Range(0, 200).Select(Render).ToArray();
        var actual = new (string, string, EmailContent)[200];

        Parallel.For(0, 2000, new ParallelOptions { MaxDegreeOfParallelism = 16 }, i =>
        {
            var rendered = Render(i % 200);
            Assert.Equal(expected[i % 200], rendered);
            actual[i % 200] = rendered;
        });

        Assert.Equal(expected, actual);

        (string, string, EmailContent) Render(int i)
        {
            var vars = TemplateVars.From(new Dictionary<string, object?>
            {
                ["instrument"] = $"I_{i}",
                ["side"] = i % 2 == 0 ? "buy" : "sell",
                ["entry_price"] = i / 7m,
                ["volume"] = i,
                ["error_reason"] = $"<{i}>",
                ["approval_id"] = $"a-{i}",
            });
            return (template.RenderTelegram(vars, "en"), System.Text.Encoding.UTF8.GetString(template.RenderPush(vars, "en")), template.RenderEmail(vars, "en", null));
        }
    }

    [Theory]
    [InlineData("{% for i in (1..30000000) %}{% endfor %}")]
    [InlineData("{% for i in (1..201) %}{% endfor %}")]
    [InlineData("{% assign s = long %}{% for i in (1..200) %}{% assign s = s | append: s %}{% endfor %}")]
    [InlineData("{% assign s = long %}{% for i in (1..200) %}{% capture s %}{{ s }}{{ s }}{% endcapture %}{% endfor %}")]
    [InlineData("{% assign s = long | replace: 'a', long %}")]
    [InlineData("{{ long | split: 'b' | join: long }}{% assign s = long | split: '' | join: long %}")]
    [InlineData("{% for i in (1..200) %}{% for j in (1..200) %}{{ long }}{% endfor %}{% endfor %}")]
    public void Loops_and_texts_do_not_grow_beyond_their_bounds(string source)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<TemplateRenderException>(() => Parts.Render(source, ("long", new string('a', 16_000))));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 40_000_000);
    }

    [Fact]
    public void A_text_of_the_greatest_length_is_allowed() => Assert.Equal(
        LiquidEngine.MaxTextLength,
        Parts.Render("{% assign y = x | append: x %}{{ y }}", ("x", new string('a', LiquidEngine.MaxTextLength / 2))).Length);

    private static (string, object?)[] Variables() =>
        [("x", "<b>"), ("items", Items), ("map", new Hash { ["<"] = ">" }), ("yes", true), ("double", 0.1)];
}
