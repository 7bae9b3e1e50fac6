using System.Text.Json;
using System.Text.RegularExpressions;
using AngleSharp.Html.Parser;
using CsCheck;
using OrleansNotify.Templates;
using OrleansNotify.Templates.Liquid;
using Hash = DotLiquid.Hash;

namespace OrleansNotify.Tests.Templates.Liquid;

/// <summary>Whatever a variable holds: a link leads where its template says.</summary>
public sealed partial class LinkTests
{
    private static readonly string[] s_hostile =
    [
        "@other.example/x", ":1@other.example", ".other.example", "//other.example/x", "///other.example", @"\\other.example\x", @"/\other.example",
        @"\/other.example", "https://other.example/", "https:other.example", "http:/other.example", "javascript:alert(1)", "JaVaScRiPt:x", "data:text/html,x",
        "\t//other.example", "/\t/other.example", "\n/\n/other.example", "/\r/other.example", " //other.example", "\t@other.example", "\u0000@other.example",
        "\u00ad@other.example", "\u202E@other.example", "\u2028//other.example", "?@other.example", "#@other.example", "/x/../../../../other.example",
        "/.", "/..//other.example", "%2f%2fother.example", "%40other.example", ")(//other.example", "](//other.example)", "\"//other.example", "'>x", "",
        "x y", "/", "//", "/dash board", "mailto:x@other.example", "other.example", "。other.example", "／／other.example", "\uD83D//other.example", "/ok?a=b&c=d#e",
    ];

    private static readonly Gen<string> s_values = Gen.OneOf(
        Gen.Int[0, s_hostile.Length - 1].Select(at => s_hostile[at]),
        Gen.Select(Gen.Int[0, s_hostile.Length - 1], Gen.Int[0, s_hostile.Length - 1]).Select(two => s_hostile[two.Item1] + s_hostile[two.Item2]),
        Values.Any);

    // What a person's template might do with a base and two variables.
    private static readonly string[] s_links =
    [
        "{{ app_url }}{{ a }}", "{{ app_url }}/{{ a }}", "{{ app_url }}/x/{{ a }}{{ b }}", "{{ app_url }}{{ a }}{{ b }}", "{{ app_url }}?to={{ a }}", "{{ app_url }}#{{ a }}",
        "https://app.example{{ a }}", "https://app.example/{{ a }}", "HTTPS://app.example{{ a | default: b }}",
        "{% assign u = app_url | append: a %}{{ u }}", "{% assign u = app_url | append: '/' | append: a %}{{ u }}", "{{ a | prepend: app_url }}",
        "{% capture u %}{{ app_url }}{{ a }}{% endcapture %}{{ u }}", "{% capture u %}{{ a }}{{ b }}{% endcapture %}{{ app_url }}{{ u }}",
        "{{ app_url }}{% if a contains 'x' %}{{ a }}{% else %}{{ b }}{% endif %}", "{{ app_url }}{% for c in list %}{{ c }}{% endfor %}", "{{ app_url }}{{ list }}",
        "{{ a }}", "{{ a }}{{ b }}", "{{ a }}/x", "{{ a }}://app.example/", "https:{{ a }}", "https:/{{ a }}", "http:{{ a }}", "htt{{ a }}", "/{{ a }}", "https://{{ a }}", "https://{{ a }}/x", "{{ app_url }}{{ n }}",
        "{% capture u %}{{ a }}{% endcapture %}{{ u }}", "{{ a | upcase }}", "{{ a | truncate: 20 }}",
    ];

    public static TheoryData<string> Links => [.. s_links];

    public static TheoryData<string> Paths =>
    [
        "{{ a }}", "{{ a }}{{ b }}", "/{{ a }}", "/{{ a }}{{ b }}", "/x/{{ a }}", "{% capture u %}{{ a }}{{ b }}{% endcapture %}{{ u }}", "{{ list }}", "{{ n }}",
        "/{% capture u %}{{ a }}{% endcapture %}{{ u }}", "{% for c in list %}{{ c }}{% endfor %}", "{{ a | append: b }}", "{% assign u = a | append: '/' %}{{ u }}", "{{ a | default: '/x' }}",
    ];

    [Theory, MemberData(nameof(Links))]
    public void In_HTML(string link) => Each(link, Target.Html, "<p>x <a title=\"y\" href=\"{0}\">z</a> <a href='{0}'>z</a>", html =>
        new HtmlParser().ParseDocument(html).QuerySelectorAll("a").Select(anchor => anchor.GetAttribute("href")!));

    [Theory, MemberData(nameof(Links))]
    public void In_MarkdownV2(string link) => Each(link, Target.MarkdownV2, "x *y* [z]({0})", text => MarkdownV2.Read(text).Links);

    // A mail program finds the addresses by itself.
    [Theory, MemberData(nameof(Links))]
    public void In_a_text(string link)
    {
        if (!link.StartsWith("{{ app_url }}", StringComparison.Ordinal) && !link.StartsWith("https://app", StringComparison.Ordinal)) return;
        Each(link, Target.Text, "Read on: {0}\n(or here)", text => [text["Read on: ".Length..].Split([' ', '\n'])[0]]);
    }

    [Theory, MemberData(nameof(Paths))]
    public void In_a_push(string path) => s_values.Array[2].Sample(
        values =>
        {
            var push = Render($$"""{"title":"x", "data": { "a": [1, "url"], "url" : "{{path}}"} }""", Target.Json, values);
            var url = JsonDocument.Parse(push).RootElement.GetProperty("data").GetProperty("url").GetString()!;
            Assert.True(url.Length == 0 || (url[0] == '/' && !url.StartsWith("//", StringComparison.Ordinal)), url);
            var opened = Browser(url);
            Assert.True(opened.Length == 0 || PathAlone().IsMatch(opened), url);
            Assert.Equal("app.example", new Uri(new Uri("https://app.example"), url).Host);
            PushPayload.Read(push, null);
        },
        iter: 500);

    private static void Each(string link, Target target, string frame, Func<string, IEnumerable<string>> addresses) => s_values.Array[2].Sample(
        values =>
        {
            foreach (var address in addresses(Render(frame.Replace("{0}", link, StringComparison.Ordinal), target, values)))
            {
                // What is left where a variable would have decided: nothing, or what the template itself says.
                if (OfTemplate(address, link)) continue;
                Assert.True(Web().Match(address) is { Success: true } web && web.Groups[1].Value.Equals("app.example", StringComparison.OrdinalIgnoreCase), address);
                Assert.True(Web().Match(Browser(address)).Groups[1].Value.Equals("app.example", StringComparison.OrdinalIgnoreCase), address);
            }
        },
        iter: 200);

    private static bool OfTemplate(string address, string link) =>
        address.Length == 0
        || (address is "/x" or "/" or "://app.example/" or "https:" or "https:/" or "http:" or "htt" or "https://" or "https:///x" && !link.Contains("app_url", StringComparison.Ordinal));

    // What a browser makes of an address before it reads it (WHATWG URL, "basic URL parser").
    private static string Browser(string address) =>
        string.Concat(address.Trim([.. Enumerable.Range(0, 33).Select(c => (char)c)]).Where(c => c is not ('\t' or '\n' or '\r'))).Replace('\\', '/');

    private static string Render(string source, Target target, string[] values)
    {
        var variables = new Hash { ["a"] = values[0], ["b"] = values[1], ["n"] = 5L, ["list"] = new List<object?> { values[1], values[0] } };
        return new TemplatePart("t/part", target, LiquidEngine.Parse(source)).Render(variables, Parts.Bases);
    }

    [Theory]
    [InlineData("/dashboard/x", "https://app.example/dashboard/x")]
    [InlineData("dashboard/x", "https://app.example/dashboard/x")]
    [InlineData("?a=b c", "https://app.example?a=b%20c")]
    [InlineData("@other.example/x", "https://app.example/@other.example/x")]
    [InlineData(@"\\other.example\x", "https://app.example/%5C%5Cother.example%5Cx")]
    [InlineData("/a b\t\n\"<>^`{|}é日%20", "https://app.example/a%20b%09%0A%22%3C%3E%5E%60%7B%7C%7Dé日%20")]
    public void A_link_stays_a_link_of_its_base(string value, string link) =>
        Assert.Equal(link, new HtmlParser().ParseDocument(Render("<a href=\"{{ app_url }}{{ a }}\">", Target.Html, [value, ""])).QuerySelector("a")!.GetAttribute("href"));

    [Theory]
    [InlineData("/dashboard/x", "/dashboard/x")]
    [InlineData("dashboard/x", "/dashboard/x")]
    [InlineData("//other.example/x", "/other.example/x")]
    [InlineData(@"\/ /other.example/x", "/other.example/x")]
    [InlineData("https://other.example/x", "/https://other.example/x")]
    [InlineData("/a b", "/a%20b")]
    public void A_push_opens_a_path(string value, string path) =>
        Assert.Equal("""{"title":"x","data":{"url":"PATH"}}""".Replace("PATH", path, StringComparison.Ordinal), Render("""{"title":"x","data":{"url":"{{ a }}"}}""", Target.Json, [value, ""]));

    [Theory]
    [InlineData("/", "/")]
    [InlineData("/x", "/x")]
    [InlineData("//x", "/.//x")]
    [InlineData("x", "/x")]
    [InlineData(" x", "/./ x")]
    [InlineData("", "")]
    public void So_does_one_whose_path_was_captured(string value, string path) => Assert.Equal(
        """{"title":"x","data":{"url":"PATH"}}""".Replace("PATH", path, StringComparison.Ordinal),
        Render("""{% capture u %}{{ a }}{% endcapture %}{"title":"x","data":{"url":"{{ u }}"}}""", Target.Json, [value, ""]));

    [Theory]
    [InlineData("/x", "/.//x")]
    [InlineData("x", "/x")]
    public void So_does_one_whose_slash_stands_in_the_template(string value, string path) => Assert.Equal(
        """{"title":"x","data":{"url":"PATH"}}""".Replace("PATH", path, StringComparison.Ordinal),
        Render("""{% capture u %}{{ a }}{% endcapture %}{"title":"x","data":{"url":"/{{ u }}"}}""", Target.Json, [value, ""]));

    [Theory]
    [InlineData("{{ app_url }} {{ a }}", "https://app.example x y")]
    [InlineData("time:{{ a }} a://{{ a }} //{{ a }} x/{{ a }}", "time:x y a://x y //x y x/x y")]
    [InlineData("see https://app.example, {{ a }}", "see https://app.example, x y")]
    public void What_is_no_address_stays_as_it_is(string source, string text) => Assert.Equal(text, Render(source, Target.Text, ["x y", ""]));

    [Theory]
    [InlineData("<a href=\"mailto:{{ a }}?subject={{ a }}\">", "mailto:x?subject=x")]
    [InlineData("<a href='tel:{{ a }}'>", "tel:x")]
    [InlineData("<a href=\"mailto:?body=https://{{ a }}\">", "mailto:?body=https://x")]
    [InlineData("<img src=\"cid:{{ a }}\">", "cid:x")]
    [InlineData("<a href=\"#{{ a }}\">", "#x")]
    [InlineData("<a href=\"{{ public_url }}/{{ a }}\">", "https://notify.example/x")]
    public void Addresses_without_a_host_and_those_of_the_cluster_take_values(string source, string address)
    {
        var element = new HtmlParser().ParseDocument(Render(source, Target.Html, ["x", ""])).Body!.FirstElementChild!;

        Assert.Equal(address, element.GetAttribute("href") ?? element.GetAttribute("src"));
    }

    [Theory]
    [InlineData("{{ a }}", "x y")]
    [InlineData("""{"{{ a }}":["{{ a }}"]}""", """{"x y":["x y"]}""")]
    [InlineData("""{"data":{"url":"https://app.example{{ a }}"}}""", """{"data":{"url":"https://app.example/x%20y"}}""")]
    [InlineData("""{"title":"https://app.example{{ a }} {{ a }}"}""", """{"title":"https://app.example/x%20y x y"}""")]
    public void What_else_a_push_holds_is_a_text_or_the_address_that_it_seems(string source, string text) =>
        Assert.Equal(text, Render(source, Target.Json, ["x y", ""]));

    [Theory]
    [InlineData("https://shop.example/i/7?x", "https://shop.example/i/7?x")]
    [InlineData("https://shop.example", "https://shop.example")]
    [InlineData("https://shop.example.other.example/", "")]
    [InlineData("https://shop.example@other.example/", "")]
    [InlineData("https://other.example/", "")]
    public void A_whole_address_leads_to_the_site_of_its_sample_or_nowhere(string value, string link)
    {
        using var files = new TemplateFiles();
        files.Write("t/template.yaml", "type: alert\nvariables:\n  invoices: { sample: [ { at: \"https://shop.example/i/1\" } ] }");
        files.Write("t/telegram.liquid", "x{% for invoice in invoices %}[y]({{ invoice.at }}){% endfor %}");
        var vars = TemplateVars.From(new Dictionary<string, object?> { ["invoices"] = new[] { new { at = value } } });

        Assert.Equal([link], MarkdownV2.Read(files.Load().Find("t")!.RenderTelegram(vars, "en")).Links.Select(address => address == "y" ? "" : address));
    }

    [GeneratedRegex("^https?://([^/?#]*)", RegexOptions.IgnoreCase)]
    private static partial Regex Web();

    [GeneratedRegex("^/(?!/)")]
    private static partial Regex PathAlone();
}
