using System.Text.Json;
using AngleSharp.Html.Parser;
using CsCheck;
using OrleansNotify.Templates;

namespace OrleansNotify.Tests.Templates;

/// <summary>Whatever the variables hold, every channel's message is valid and a person reads them as they are.</summary>
public sealed class ShippedPropertiesTests
{
    // The variables that a person sees on every channel.
    public static TheoryData<string, string> Shown => new()
    {
        { "position_failure_entry", "instrument side entry_price volume error_reason" },
        { "position_failure_sl", "instrument side entry_price current_price loss_amount broker_ticket currency" },
        { "position_failure_tp", "instrument side entry_price current_price profit_amount broker_ticket currency" },
        { "price_alert_triggered", "instrument trigger_price current_price" },
        { "welcome", "name" },
        { "payment_failed", "plan amount currency retry_date" },
        { "subscription_expiring", "plan expires_on" },
        { "daily_insight", "title summary" },
    };

    [Theory]
    [MemberData(nameof(Shown))]
    public void Telegram_text_is_valid_and_holds_the_values(string name, string shown) => ForAny(name, shown, (template, vars, values) =>
    {
        var reading = MarkdownV2.Read(template.RenderTelegram(vars, "en"));
        Assert.Null(reading.Error);
        Assert.All(values, value => Assert.Contains(value, reading.Text, StringComparison.Ordinal));
    });

    [Theory]
    [MemberData(nameof(Shown))]
    public void A_push_is_valid_and_holds_the_values(string name, string shown) => ForAny(name, shown, (template, vars, values) =>
    {
        var push = template.RenderPush(vars, "en");
        using var json = JsonDocument.Parse(push);
        Assert.InRange(push.Length, 1, MessageTemplate.MaxPushLength);
        Assert.Equal(
            JsonDocument.Parse(template.RenderPush(template.SampleVars, "en")).RootElement.EnumerateObject().Select(property => property.Name),
            json.RootElement.EnumerateObject().Select(property => property.Name));
        var text = $"{json.RootElement.GetProperty("title").GetString()}\0{json.RootElement.GetProperty("body").GetString()}";
        if (name != "daily_insight" && name != "subscription_expiring" && name != "welcome")
            Assert.All(values, value => Assert.Contains(value, text, StringComparison.Ordinal));
    });

    [Theory]
    [MemberData(nameof(Shown))]
    public void HTML_has_the_same_elements_and_holds_the_values_as_text(string name, string shown)
    {
        var expected = Elements(Shipped.Catalog.Find(name)!.RenderEmail(Shipped.Catalog.Find(name)!.SampleVars, "en", null).Html);
        ForAny(name, shown, (template, vars, values) =>
        {
            var mail = template.RenderEmail(vars, "en", null);
            Assert.Equal(expected, Elements(mail.Html));
            var text = new HtmlParser().ParseDocument(mail.Html).Body!.TextContent;
            Assert.All(values, value => Assert.Contains(value, text, StringComparison.Ordinal));
            Assert.All(values, value => Assert.Contains(value, mail.Text, StringComparison.Ordinal));
        });
    }

    [Theory]
    [MemberData(nameof(Shown))]
    public void A_subject_is_one_line(string name, string shown) => ForAny(name, shown, (template, vars, _) =>
        Assert.DoesNotContain(template.RenderEmail(vars, "en", null).Subject, char.IsControl));

    [Theory]
    [MemberData(nameof(Shown))]
    public void Sixteen_KiB_in_one_variable_are_no_trouble(string name, string shown)
    {
        var template = Shipped.Catalog.Find(name)!;
        foreach (var variable in shown.Split(' '))
        {
            foreach (var value in new[] { new string('\'', 16_000), new string('_', 16_000), new string('\n', 8_000), string.Concat(Enumerable.Repeat("🚨", 4_000)) })
            {
                var vars = ShippedTests.With(template, (variable, value));
                var reading = MarkdownV2.Read(template.RenderTelegram(vars, "en"));

                Assert.Null(reading.Error);
                Assert.InRange(reading.Text.Length, 1, MessageTemplate.MaxTelegramLength);
                Assert.InRange(template.RenderPush(vars, "en").Length, 1, MessageTemplate.MaxPushLength);
                Assert.Contains(value, new HtmlParser().ParseDocument(template.RenderEmail(vars, "en", null).Html).Body!.TextContent, StringComparison.Ordinal);
            }
        }
    }

    private static IEnumerable<string> Elements(string html) => new HtmlParser().ParseDocument(html).All.Select(element => element.TagName);

    // As text, and not empty: without a name a greeting has other words.
    private static void ForAny(string name, string shown, Action<MessageTemplate, TemplateVars, IReadOnlyList<string>> check)
    {
        var template = Shipped.Catalog.Find(name)!;
        var names = shown.Split(' ');
        Values.Any.Select(value => $"x{value}").Array[names.Length].Sample(
            values => check(template, ShippedTests.With(template, [.. names.Zip(values, (variable, value) => (variable, (object?)value))]), [.. values.Select(Values.Readable)]),
            iter: 200);
    }
}
