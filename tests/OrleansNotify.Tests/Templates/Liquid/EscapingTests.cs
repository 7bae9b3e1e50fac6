using System.Text.Json;
using AngleSharp.Html.Parser;
using CsCheck;
using OrleansNotify.Templates;
using OrleansNotify.Templates.Liquid;

namespace OrleansNotify.Tests.Templates.Liquid;

public sealed class EscapingTests
{
    [Theory]
    [InlineData(Target.Text, "a<b>\"&'\n\t_*\\.", "a<b>\"&'\n\t_*\\.")]
    [InlineData(Target.Subject, "a\nb\tc\r\nd", "a b c d")]
    [InlineData(Target.Html, "<a href=\"x\" b='y'>&amp;", "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;")]
    [InlineData(Target.Html, "a_*\\.\nb\tc", "a_*\\.\nb\tc")]
    [InlineData(Target.MarkdownV2, "_*[]()~`>#+-=|{}.!\\", @"\_\*\[\]\(\)\~\`\>\#\+\-\=\|\{\}\.\!\\")]
    [InlineData(Target.MarkdownV2, "a\nb<c>&\"", "a\\\nb<c\\>&\"")]
    [InlineData(Target.Json, "\"a\\b\"\n\t</script>'", "\\\"a\\\\b\\\"\\n\\t</script>'")]
    [InlineData(Target.Text, "line\rline\r\nline\r", "line\nline\nline\n")]
    [InlineData(Target.Text, "\0a\u0001\u001b\u007f\u0085\u009fb", "ab")]
    [InlineData(Target.Text, "a\u202Eb\u2066c\u2069\u2028\u2029", "abc")]
    [InlineData(Target.Text, "a\uFFFF\uFFFE\uFDD0\U0001FFFFb", "ab")]
    [InlineData(Target.Html, "🚨é日\u200D\u00A0", "🚨é日\u200D\u00A0")]
    [InlineData(Target.Json, "plain, text: 1/2 $3 4%", "plain, text: 1/2 $3 4%")]
    public void A_value_is_escaped_for_where_it_goes(object target, string value, string escaped) =>
        Assert.Equal(escaped, Escaping.Escape(value, (Target)target));

    [Fact]
    public void Half_a_character_becomes_the_replacement_character() =>
        Assert.Equal("a\uFFFDb\uFFFD", Escaping.Escape("a\uD83Db\uDEA8", Target.Text));

    [Fact]
    public void Whatever_it_holds_HTML_text_and_attributes_read_as_the_value() => Values.Any.Sample(value =>
    {
        var escaped = Escaping.Escape(value, Target.Html);
        var body = new HtmlParser().ParseDocument($"<p title=\"{escaped}\">x{escaped}</p>").Body!;
        Assert.Equal(Values.Readable(value), Assert.Single(body.Children).GetAttribute("title"));
        Assert.Equal("x" + Values.Readable(value), body.TextContent);
    });

    [Fact]
    public void Whatever_it_holds_JSON_reads_as_the_value() => Values.Any.Sample(value => Assert.Equal(
        Values.Readable(value), JsonSerializer.Deserialize<string>($"\"{Escaping.Escape(value, Target.Json)}\"")));

    [Theory]
    [InlineData("x{0}x", "x{0}x", "")]
    [InlineData("`{0}.`", "{0}.", "")]
    [InlineData("```\nx{0}```", "x{0}", "")]
    [InlineData(">*x{0}*\ny", "x{0}\ny", "")]
    [InlineData("[x](https://a.example/{0})", "x", "https://a.example/{0}")]
    [InlineData("[x{0}](https://a.example)", "x{0}", "https://a.example")]
    public void Whatever_it_holds_MarkdownV2_reads_as_the_value_in_text_code_quotation_and_address(string part, string text, string link) =>
        Values.Any.Sample(value =>
        {
            var reading = MarkdownV2.Read(part.Replace("{0}", Escaping.Escape(value, Target.MarkdownV2), StringComparison.Ordinal));
            Assert.Null(reading.Error);
            Assert.Equal(text.Replace("{0}", Values.Readable(value), StringComparison.Ordinal), reading.Text);
            Assert.Equal(link.Replace("{0}", Values.Readable(value), StringComparison.Ordinal), string.Concat(reading.Links));
        });

    [Fact]
    public void Whatever_it_holds_a_subject_has_one_line() => Values.Any.Sample(value =>
        Assert.DoesNotContain(Escaping.Escape(value, Target.Subject), c => char.IsControl(c) || c is '\u2028' or '\u2029'));
}
