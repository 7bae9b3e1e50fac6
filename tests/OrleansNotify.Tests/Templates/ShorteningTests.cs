using System.Text;
using System.Text.Json;
using AngleSharp.Html.Parser;
using OrleansNotify.Templates;

namespace OrleansNotify.Tests.Templates;

/// <summary>A message that is too long loses the ends of its long texts and nothing else: what lacks its end is a wrong address, id or amount.</summary>
public sealed class ShorteningTests
{
    private static readonly string s_path = "/dashboard/learn/" + new string('x', 1010 - "/dashboard/learn/".Length);

    // A transaction's hash, and what else is no prose.
    private static readonly string s_hash = "0x" + new string('f', 64);

    [Fact]
    public void An_address_of_1010_characters_stays_whole_while_1200_Cyrillic_letters_are_cut()
    {
        var template = Shipped.Catalog.Find("daily_insight")!;
        var vars = ShippedTests.With(template, ("path", s_path), ("summary", string.Concat(Enumerable.Repeat("Скольжение ", 110))));

        var push = template.RenderPush(vars, "en");
        var json = JsonDocument.Parse(push).RootElement;

        Assert.InRange(push.Length, 2400, MessageTemplate.MaxPushLength);
        Assert.Equal(s_path, json.GetProperty("data").GetProperty("url").GetString());
        Assert.EndsWith("…", json.GetProperty("body").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void So_does_a_Telegram_link_in_a_text_that_is_too_long()
    {
        var template = Shipped.Catalog.Find("daily_insight")!;

        var text = MarkdownV2.Read(template.RenderTelegram(ShippedTests.With(template, ("path", s_path), ("summary", new string('x', 5000))), "en"));

        Assert.Equal([Shipped.AppUrl + s_path], text.Links);
        Assert.InRange(text.Text.Length, 4000, MessageTemplate.MaxTelegramLength);
        Assert.Contains("xx…\n", text.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void So_does_one_that_stands_in_a_text_to_be_read()
    {
        var template = TemplateFiles.Template(("telegram.liquid", "{{ note }}\n{{ app_url }}/x/{{ name }}"));
        var vars = Vars(new { name = s_path[1..], amount = 1, note = new string('x', 5000) });

        Assert.EndsWith("\nhttps://app.example/x" + s_path, MarkdownV2.Read(template.RenderTelegram(vars, "en")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_that_does_not_fit_at_all_is_refused_and_not_cut()
    {
        var template = Shipped.Catalog.Find("daily_insight")!;

        var fault = Assert.Throws<TemplateRenderException>(() => template.RenderPush(ShippedTests.With(template, ("path", "/" + new string('x', 2400))), "en"));

        Assert.Equal("daily_insight/push.json.liquid is too long with these variables, even when its texts are cut to 80 characters.", fault.Message);
    }

    [Fact]
    public void Ids_dates_and_amounts_are_never_cut()
    {
        var template = TemplateFiles.Template(
            ("telegram.liquid", "{{ name }} {{ amount }} {% for item in items %}{{ item }} {% endfor %}{{ note }}"),
            ("push.json.liquid", """{"title":"{{ name }}","body":"{{ amount }} {% for item in items %}{{ item }} {% endfor %}{{ note }}"}"""),
            ("email.subject.liquid", "{{ note }} {{ name }} {{ amount }} {% for item in items %}{{ item }} {% endfor %}"),
            ("email.html.liquid", "<p>x"));
        string[] items = ["14 March 2027", "1 545.50 USD", "BTCUSD"];
        var vars = Vars(new { name = s_hash, amount = 1234567890.12345m, items, note = new string('x', 9000) });
        var whole = $"{s_hash} 1234567890.12345 14 March 2027 1 545.50 USD BTCUSD";

        Assert.StartsWith(whole, MarkdownV2.Read(template.RenderTelegram(vars, "en")).Text, StringComparison.Ordinal);
        var push = JsonDocument.Parse(template.RenderPush(vars, "en")).RootElement;
        Assert.StartsWith(whole, $"{push.GetProperty("title")} {push.GetProperty("body")}", StringComparison.Ordinal);
        Assert.EndsWith("… " + whole, template.RenderEmail(vars, "en", null).Subject, StringComparison.Ordinal);
        Assert.InRange(template.RenderEmail(vars, "en", null).Subject.Length, 240, MessageTemplate.MaxSubjectLength);
    }

    [Fact]
    public void Of_a_push_only_title_and_body_are_cut()
    {
        var template = TemplateFiles.Template(("push.json.liquid",
            """{"title":"x","body":"{{ note }}","topic":"{{ name }}","n":[{{ name.size }}],"data":{"tags":["{{ name }}"],"of":"{{ name }}"},"actions":[{"title":"{{ note }}"}]}"""));
        var name = new string('y', 300);

        var push = JsonDocument.Parse(template.RenderPush(Vars(new { name, amount = 1.5, note = new string('x', 3000) }), "en")).RootElement;

        Assert.Equal(name, push.GetProperty("topic").GetString());
        Assert.Equal(name, push.GetProperty("data").GetProperty("tags")[0].GetString());
        Assert.Equal(name, push.GetProperty("data").GetProperty("of").GetString());
        Assert.Equal(300, push.GetProperty("n")[0].GetInt32());
        Assert.Equal(push.GetProperty("body").GetString(), push.GetProperty("actions")[0].GetProperty("title").GetString());
    }

    [Fact]
    public void A_condition_sees_the_whole_text()
    {
        var template = TemplateFiles.Template(("telegram.liquid", "x {% if note.size > 4000 %}long{% endif %} {{ note }}"));

        Assert.StartsWith("x long x", template.RenderTelegram(Vars(new { name = "a", amount = 1, note = new string('x', 5000) }), "en"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_subject_of_short_texts_alone_is_cut_at_its_end()
    {
        var template = TemplateFiles.Template(("email.subject.liquid", "{% for item in items %}{{ item }} {% endfor %}x"), ("email.html.liquid", "<p>x"));
        var subject = template.RenderEmail(Vars(new { name = "a", amount = 1, items = Enumerable.Repeat("word", 100) }), "en", null).Subject;

        Assert.Equal(MessageTemplate.MaxSubjectLength - 1 + 1, subject.Length);
        Assert.EndsWith("…", subject, StringComparison.Ordinal);
    }

    // Three bytes for each character: whatever language an alert is in, it fits.
    [Fact]
    public void Every_alert_fits_with_texts_of_80_characters() => Assert.All(
        Shipped.Catalog.All.Where(template => template.Manifest.Type != "education"),
        template =>
        {
            var vars = JsonSerializer.Deserialize<Dictionary<string, object?>>(template.SampleVars.Json)!;
            foreach (var (name, value) in vars.ToList())
            {
                if (value is JsonElement { ValueKind: JsonValueKind.String }) vars[name] = new string('日', 80);
            }

            Assert.DoesNotContain("…", Encoding.UTF8.GetString(template.RenderPush(TemplateVars.From(vars), "en", Guid.Empty)), StringComparison.Ordinal);
        });

    // Case by case the character that grows most on its way into HTML, MarkdownV2 and JSON.
    [Theory]
    [InlineData("'")]
    [InlineData("&")]
    [InlineData("\"")]
    [InlineData("_")]
    [InlineData("\n")]
    [InlineData("😀")]
    [InlineData("Ж")]
    public void Sixteen_KiB_of_UTF_8_are_put_out_half_a_dozen_times_whatever_they_hold(string character)
    {
        var size = character is "\"" or "\n" ? 2 : Encoding.UTF8.GetByteCount(character);
        var note = string.Concat(Enumerable.Repeat(character, 16_300 / size));
        var template = TemplateFiles.Template(
            ("email.subject.liquid", "x"),
            ("email.html.liquid", string.Concat(Enumerable.Repeat("<p>x{{ note }}y</p>", 6))),
            ("telegram.liquid", "x{{ note }}{{ note }}{{ note }}{{ note }}{{ note }}{{ note }}"));
        var vars = Vars(new { name = "a", amount = 1, note });

        Assert.Equal(6, new HtmlParser().ParseDocument(template.RenderEmail(vars, "en", null).Html).QuerySelectorAll("p").Count(p => p.TextContent == $"x{note}y"));
        Assert.Null(MarkdownV2.Read(template.RenderTelegram(vars, "en")).Error);
    }

    private static TemplateVars Vars(object vars) => TemplateVars.From(JsonSerializer.SerializeToElement(vars));
}
