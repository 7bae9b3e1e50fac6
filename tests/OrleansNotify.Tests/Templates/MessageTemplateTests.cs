using System.Text;
using System.Text.Json;
using OrleansNotify.Templates;

namespace OrleansNotify.Tests.Templates;

public sealed class MessageTemplateTests
{
    private static readonly TemplateVars Vars = TemplateVars.Parse("""{"name":"Ada","amount":1.50}""");

    [Fact]
    public void A_template_has_the_channels_that_it_has_parts_for()
    {
        var mail = TemplateFiles.Template(("email.subject.liquid", "s"), ("email.html.liquid", "<p>h"));
        var others = TemplateFiles.Template(("telegram.liquid", "t"), ("push.json.liquid", """{"title":"p"}"""));

        Assert.Equal([false, false, true], Enum.GetValues<Channel>().Select(mail.Has));
        Assert.Equal([true, true, false], Enum.GetValues<Channel>().Select(others.Has));
    }

    [Fact]
    public void A_mail_has_a_subject_HTML_and_a_text_with_the_link_to_unsubscribe()
    {
        var template = TemplateFiles.Template(
            ("email.subject.liquid", "\nHi {{ name }}\n"),
            ("email.html.liquid", "<p>{{ name }}{% if unsubscribe_url %} <a href=\"{{ unsubscribe_url }}\">off</a>{% endif %} {{ app_url }}</p>"),
            ("email.text.liquid", "{{ name }}{% if unsubscribe_url %} off: {{ unsubscribe_url }}{% endif %}"));
        var vars = TemplateVars.Parse("""{"name":"A\r\nBcc: x@y.example\n\n<b>","amount":1}""");

        var mail = template.RenderEmail(vars, "en", "https://notify.example/?a=1&b");

        Assert.Equal("Hi A Bcc: x@y.example <b>", mail.Subject);
        Assert.Equal(
            "<p>A\nBcc: x@y.example\n\n&lt;b&gt; <a href=\"https://notify.example/?a=1&amp;b\">off</a> https://app.example</p>", mail.Html);
        Assert.Equal("A\nBcc: x@y.example\n\n<b> off: https://notify.example/?a=1&b", mail.Text);
        Assert.Equal("Ada", template.RenderEmail(Vars, "en", null).Text);
    }

    [Fact]
    public void A_subject_has_at_most_250_characters()
    {
        var vars = TemplateVars.From(new Dictionary<string, object?> { ["name"] = new string('x', 300) });

        Assert.Equal(new string('x', 249) + "…", Subject("{{ name }}").RenderEmail(vars, "en", null).Subject);
    }

    [Fact]
    public void Without_a_text_part_the_text_is_made_from_the_HTML() => Assert.Equal(
        "Hi Ada\n\nGo (https://app.example/x)",
        TemplateFiles.Template(
            ("email.subject.liquid", "s"),
            ("email.html.liquid", "<h1>Hi {{ name }}</h1><p><a href=\"{{ app_url }}/x\">Go</a></p>")).RenderEmail(Vars, "en", null).Text);

    [Fact]
    public void A_locale_falls_back_part_by_part_to_its_language_and_to_the_default()
    {
        var template = TemplateFiles.Template(
            ("telegram.liquid", "default"),
            ("push.json.liquid", """{"title":"default"}"""),
            ("email.subject.liquid", "default"),
            ("email.html.liquid", "default"),
            ("email.text.liquid", "default"),
            ("pt/telegram.liquid", "pt"),
            ("pt/email.subject.liquid", "pt"),
            ("pt-BR/email.html.liquid", "<p>pt-BR"),
            ("zh-Hant-TW/telegram.liquid", "tw"),
            ("de/email.text.liquid", "de"));

        Assert.Equal(["pt", "default", "pt", "default", "default"], Of("pt"));
        Assert.Equal(["pt", "default", "pt", "<p>pt-BR", "pt-BR"], Of("pt-BR"));
        Assert.Equal(Of("pt-BR"), Of("PT-br-x-y"));
        Assert.Equal(Of("pt"), Of("pt-PT"));
        Assert.Equal(["default", "default", "default", "default", "de"], Of("de-AT"));
        Assert.Equal("tw", Of("zh-Hant-TW")[0]);
        Assert.Equal("default", Of("zh-Hant")[0]);
        Assert.Equal(["default", "default", "default", "default", "default"], Of("en"));
        Assert.Equal(Of("en"), Of("-"));
        Assert.Equal(["de", "pt", "pt-BR", "zh-Hant-TW"], template.Locales.Order(StringComparer.Ordinal));

        string[] Of(string locale)
        {
            var mail = template.RenderEmail(Vars, locale, null);
            var push = JsonDocument.Parse(template.RenderPush(Vars, locale)).RootElement.GetProperty("title").GetString()!;
            return [template.RenderTelegram(Vars, locale), push, mail.Subject, mail.Html, mail.Text];
        }
    }

    [Theory]
    [InlineData("1.0842", "1.0842")]
    [InlineData("1.0840", "1.0840")]
    [InlineData("187.420", "187.420")]
    [InlineData("-0.5", "-0.5")]
    [InlineData("12345678901234567890123456789", "12345678901234567890123456789")]
    [InlineData("9223372036854775808", "9223372036854775808")]
    [InlineData("0.1234567890123456789012345678901234567890", "0.1234567890123456789012345678901234567890")]
    [InlineData("1e400", "1e400")]
    [InlineData("1E5", "100000")]
    [InlineData("2E+4", "20000")]
    [InlineData("-1e-05", "-0.00001")]
    [InlineData("1.50e1", "15.0")]
    [InlineData("1234567890123456789012345", "1234567890123456789012345")]
    [InlineData("5.551115123125783e-17", "0.0000000000000000555111512313")]
    [InlineData("1e-30", "1e-30")]
    [InlineData("0e-40", "0.0000000000000000000000000000")]
    [InlineData("true", "true")]
    [InlineData("false", "false")]
    public void A_number_keeps_the_digits_of_the_request(string json, string text) => Assert.Equal(
        text, Subject("{{ amount }}").RenderEmail(TemplateVars.Parse($$"""{"name":"a","amount":{{json}}}"""), "en", null).Subject);

    [Fact]
    public void A_missing_optional_variable_has_its_default_or_is_nothing()
    {
        using var files = new TemplateFiles();
        files.Write("t/template.yaml", "type: alert\nvariables:\n  a: { sample: x, default: USD }\n  b: { sample: x, required: false }\n  c: { sample: x, default: [1, 2] }");
        files.Write("t/telegram.liquid", "{{ a }}/{{ b }}/{{ c }}");
        var template = files.Load().Find("t")!;

        Assert.Equal("USD//12", template.RenderTelegram(TemplateVars.Empty, "en"));
        Assert.Equal("USD//12", template.RenderTelegram(TemplateVars.Parse("""{"a":null,"b":null}"""), "en"));
        Assert.Equal("€/b/3", template.RenderTelegram(TemplateVars.Parse("""{"a":"€","b":"b","c":"3"}"""), "en"));
    }

    [Fact]
    public void A_request_cannot_set_variables_that_are_ours_or_not_declared()
    {
        var template = TemplateFiles.Template(("telegram.liquid", "{{ app_url }} {{ public_url }} {{ name }}"));

        Assert.Equal(@"https://app\.example https://notify\.example Ada", template.RenderTelegram(
            TemplateVars.Parse("""{"name":"Ada","amount":1,"public_url":"https://evil.example","app_url":"https://evil.example","x":1}"""), "en"));
    }

    [Fact]
    public void Lists_and_objects_are_reached_into()
    {
        var template = TemplateFiles.Template(("telegram.liquid", "x{% for item in items %}{{ item.a }}{{ item.b[0] }}{{ item.c }},{% endfor %}"));

        Assert.Equal("x1x,2,", template.RenderTelegram(TemplateVars.Parse("""{"items":[{"a":1,"b":["x"],"c":null},{"a":2,"a ":3}]}"""), "en"));
    }

    [Theory]
    [InlineData("{{ name }}", "_", 4096, true)]
    [InlineData("{{ name }}", "_", 4097, false)]
    [InlineData("{{ name }}", "x", 4096, true)]
    [InlineData("{{ name }}", "x", 4097, false)]
    public void A_Telegram_text_may_have_4096_characters_without_its_markup(string source, string character, int count, bool whole)
    {
        var name = string.Concat(Enumerable.Repeat(character, count));
        var text = MarkdownV2.Read(TemplateFiles.Template(("telegram.liquid", source)).RenderTelegram(TemplateVars.From(new Dictionary<string, object?> { ["name"] = name }), "en")).Text;

        Assert.Equal(whole ? name : name[..4095] + "…", text);
    }

    [Fact]
    public void A_Telegram_text_that_is_too_long_is_shortened_by_its_longest_values_alone()
    {
        var template = TemplateFiles.Template(("telegram.liquid", "*{{ name }}* `{{ note }}` [x]({{ app_url }}/{{ amount }})\n{% for item in items %}>{{ item }}\n{% endfor %}"));
        var vars = TemplateVars.From(new Dictionary<string, object?>
        {
            ["name"] = "short",
            ["amount"] = "id",
            ["note"] = new string('.', 3000),
            ["items"] = new object[] { string.Concat(Enumerable.Repeat("🚨", 1500)), "👨‍👩‍👧" },
        });

        var reading = MarkdownV2.Read(template.RenderTelegram(vars, "en"));

        Assert.Null(reading.Error);
        Assert.InRange(reading.Text.Length, 4090, 4096);
        Assert.StartsWith("short ....", reading.Text, StringComparison.Ordinal);
        Assert.Contains("...… x\n", reading.Text, StringComparison.Ordinal);
        Assert.Contains("🚨…\n👨‍👩‍👧", reading.Text, StringComparison.Ordinal);
        Assert.Equal(["https://app.example/id"], reading.Links);
    }

    [Fact]
    public void A_push_that_is_too_long_is_shortened_by_its_longest_values_alone()
    {
        var template = TemplateFiles.Template(("push.json.liquid", """{ "title": "{{ name }}", "body": "{{ note }}", "data": { "url": "/x/{{ amount }}" } }"""));
        var vars = TemplateVars.From(new Dictionary<string, object?> { ["name"] = "short", ["amount"] = "id", ["note"] = new string('"', 500) + new string('日', 2000) });

        var push = template.RenderPush(vars, "en", Guid.NewGuid());
        using var json = JsonDocument.Parse(push);

        Assert.InRange(push.Length, 2490, 2500);
        Assert.Equal(36, json.RootElement.GetProperty("tag").GetString()!.Length);
        Assert.Equal("short", json.RootElement.GetProperty("title").GetString());
        Assert.StartsWith("\"\"\"", json.RootElement.GetProperty("body").GetString(), StringComparison.Ordinal);
        Assert.EndsWith("日…", json.RootElement.GetProperty("body").GetString(), StringComparison.Ordinal);
        Assert.Equal("/x/id", json.RootElement.GetProperty("data").GetProperty("url").GetString());
    }

    [Fact]
    public void A_push_has_no_white_space_between_its_tokens_and_emoji_as_they_are() => Assert.Equal(
        """{"title":"🚨 \"{ a : b }\"","body":"x\\","n":[1,2]}""",
        Encoding.UTF8.GetString(TemplateFiles.Template(("push.json.liquid", "{ \"title\" : \"🚨 {{ name }}\" ,\n\t\"body\": \"x\\\\\",\r\n\"n\": [1, 2] }"))
            .RenderPush(TemplateVars.Parse("""{"name":"\"{ a : b }\""}"""), "en")));

    [Theory]
    [InlineData("""{"title":"x"}""", """{"title":"x",""")]
    [InlineData("""{ "tag": "own", "title": "x", "id": {"a": 1}, "data": {"id": 7, "tag": [1, 2]}, "renotify": true }""", """{"title":"x","data":{"id":7,"tag":[1,2]},"renotify":true,""")]
    [InlineData("""{"title":"x","\u0074ag":"own","i\u0064":1,"Tag":2}""", """{"title":"x","Tag":2,""")]
    public void A_push_carries_its_messages_id_as_id_and_tag_whatever_the_template_says(string source, string begins)
    {
        var template = TemplateFiles.Template(("push.json.liquid", source));
        var id = Guid.NewGuid();

        Assert.Equal($$"""{{begins}}"id":"{{id}}","tag":"{{id}}"}""", Encoding.UTF8.GetString(template.RenderPush(template.SampleVars, "en", id)));
        Assert.Equal(begins[..^1] + "}", Encoding.UTF8.GetString(template.RenderPush(template.SampleVars, "en")));
    }

    [Fact]
    public void What_stays_too_long_when_its_values_are_cut_fails()
    {
        var vars = TemplateVars.From(new Dictionary<string, object?> { ["items"] = Enumerable.Repeat("x", 200).ToArray() });
        var loop = "x{% for item in items %}" + new string('y', 30) + "{% endfor %}";

        var telegram = Assert.Throws<TemplateRenderException>(() => TemplateFiles.Template(("telegram.liquid", loop)).RenderTelegram(vars, "en"));
        Assert.Equal("t/telegram.liquid is too long with these variables, even when its texts are cut to 80 characters.", telegram.Message);
        Assert.Throws<TemplateRenderException>(() =>
            TemplateFiles.Template(("push.json.liquid", $$"""{"title":"{{loop}}"}""")).RenderPush(vars, "en"));
    }

    [Fact]
    public void What_the_safe_filter_lets_through_may_break_the_push_and_that_fails()
    {
        var template = TemplateFiles.Template(("push.json.liquid", """{"title":"{% if name == 'x"' %}{{ name | safe }}{% endif %}"}"""));

        Assert.Throws<TemplateRenderException>(() => template.RenderPush(TemplateVars.Parse("""{"name":"x\""}"""), "en"));
    }

    [Fact]
    public void The_samples_make_a_preview()
    {
        var template = TemplateFiles.Template(("telegram.liquid", "{{ name }} {{ amount }} {{ items | join: '/' }}"));

        Assert.Equal("""{"name":"Ada","amount":1.50,"note":"thanks","items":["one","two"]}""", template.SampleVars.Json);
        Assert.Equal(@"Ada 1\.50 one/two", template.RenderTelegram(template.SampleVars, "en"));
    }

    private static MessageTemplate Subject(string source) =>
        TemplateFiles.Template(("email.subject.liquid", source), ("email.html.liquid", "<p>x"));
}
