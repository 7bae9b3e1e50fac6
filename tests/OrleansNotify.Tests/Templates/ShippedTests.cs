using System.Text;
using System.Text.Json;
using AngleSharp.Html.Parser;
using OrleansNotify.Templates;

namespace OrleansNotify.Tests.Templates;

/// <summary>
/// What the shipped templates look like, in files beside this one. After a change that is meant, run the tests with UPDATE_SNAPSHOTS=1 and
/// read the difference.
/// </summary>
public sealed class ShippedTests
{
    private static readonly string Snapshots = Path.Combine(Shipped.Repository, "tests/OrleansNotify.Tests/Templates/Snapshots");
    private static readonly bool Update = Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1";

    public static TheoryData<string, string> TemplatesAndLocales => new(
        Shipped.Catalog.All.SelectMany(template => template.Locales.Prepend("en").Select(locale => (template.Manifest.Name, locale))));

    [Theory]
    [MemberData(nameof(TemplatesAndLocales))]
    public void Every_part_looks_as_it_did(string name, string locale)
    {
        var template = Shipped.Catalog.Find(name)!;
        var mail = template.RenderEmail(template.SampleVars, locale, template.Manifest.Unsubscribable ? Shipped.UnsubscribeUrl : null);

        Assert.All(
            [
                ("email.subject.txt", mail.Subject), ("email.html", mail.Html), ("email.txt", mail.Text),
                ("telegram.md", template.RenderTelegram(template.SampleVars, locale)),
                ("push.json", Encoding.UTF8.GetString(template.RenderPush(template.SampleVars, locale))),
            ],
            part => Compare($"{name}.{locale}.{part.Item1}", part.Item2));
    }

    [Fact]
    public void There_is_no_snapshot_of_what_is_gone() => Assert.Equal(
        TemplatesAndLocales.Select(row => $"{row.Data.Item1}.{row.Data.Item2}").Order(),
        Directory.EnumerateFiles(Snapshots).Select(file => string.Join('.', Path.GetFileName(file).Split('.')[..2])).Distinct().Order());

    [Fact]
    public void All_templates_are_there_on_all_channels_with_samples_that_they_accept()
    {
        Assert.Equal(
            [
                "daily_insight", "payment_failed", "position_failure_entry", "position_failure_sl", "position_failure_tp", "price_alert_triggered",
                "subscription_expiring", "welcome",
            ],
            Shipped.Catalog.All.Select(template => template.Manifest.Name));
        Assert.All(Shipped.Catalog.All, template => Assert.All(Enum.GetValues<Channel>(), channel => Assert.True(template.Has(channel))));
        Assert.All(Shipped.Catalog.All, template => Assert.Empty(template.Validate(template.SampleVars)));
    }

    [Theory]
    [InlineData("position_failure_entry", "alert", "entry", true, false)]
    [InlineData("position_failure_sl", "alert", "sl", true, false)]
    [InlineData("position_failure_tp", "alert", "tp", true, false)]
    [InlineData("price_alert_triggered", "alert", null, false, false)]
    [InlineData("welcome", "onboarding", null, false, true)]
    [InlineData("payment_failed", "dunning", null, false, false)]
    [InlineData("subscription_expiring", "dunning", null, false, false)]
    [InlineData("daily_insight", "education", null, false, true)]
    public void A_manifest_says_type_and_urgency(string name, string type, string? positionFailure, bool urgent, bool unsubscribable)
    {
        var manifest = Shipped.Catalog.Find(name)!.Manifest;

        Assert.Equal((type, positionFailure, urgent, unsubscribable), (manifest.Type, manifest.PositionFailure, manifest.Urgent, manifest.Unsubscribable));
        Assert.All(manifest.Variables, variable => Assert.NotEmpty(variable.Description));
    }

    [Theory]
    [InlineData("position_failure_entry", "⚠️ Manual Trade Entry Required - EURUSD", "/dashboard/approvals/apr_7Q2F9")]
    [InlineData("position_failure_sl", "🚨 URGENT: Manual Stop Loss Close Required", "/dashboard/positions")]
    [InlineData("position_failure_tp", "✅ Manual Take Profit Close Required", "/dashboard/positions")]
    public void A_position_failure_has_its_subject_and_its_push_opens_the_right_page(string name, string subject, string url)
    {
        var template = Shipped.Catalog.Find(name)!;
        var push = JsonDocument.Parse(template.RenderPush(template.SampleVars, "en")).RootElement;

        Assert.Equal(subject, template.RenderEmail(template.SampleVars, "en", null).Subject);
        Assert.Equal(url, push.GetProperty("data").GetProperty("url").GetString());
    }

    [Fact]
    public void Every_push_has_the_icon_and_the_badge() => Assert.All(Shipped.Catalog.All, template =>
    {
        var push = JsonDocument.Parse(template.RenderPush(template.SampleVars, "en")).RootElement;
        Assert.Equal("/icon-192x192.png", push.GetProperty("icon").GetString());
        Assert.Equal("/badge-96x96.png", push.GetProperty("badge").GetString());
        Assert.StartsWith("/dashboard", push.GetProperty("data").GetProperty("url").GetString(), StringComparison.Ordinal);
    });

    [Theory]
    [InlineData("buy", "🟢")]
    [InlineData("BUY", "🟢")]
    [InlineData("Long", "🟢")]
    [InlineData("sell", "🔴")]
    [InlineData("SHORT", "🔴")]
    [InlineData("hold", "⚪")]
    public void The_side_has_its_emoji(string side, string emoji) => Assert.All(
        ["position_failure_entry", "position_failure_sl", "position_failure_tp"],
        name =>
        {
            var template = Shipped.Catalog.Find(name)!;
            var vars = With(template, ("side", side));
            Assert.Contains($"{emoji} ", template.RenderTelegram(vars, "en"), StringComparison.Ordinal);
            Assert.Contains($"{emoji} ", Encoding.UTF8.GetString(template.RenderPush(vars, "en")), StringComparison.Ordinal);
            Assert.Contains($"{emoji} {side}", template.RenderEmail(vars, "en", null).Html, StringComparison.Ordinal);
        });

    [Theory]
    [InlineData("above", "📈 BTCUSD rose above 68000", "📈 BTCUSD ist gestiegen über 68000")]
    [InlineData("Above", "📈 BTCUSD rose above 68000", "📈 BTCUSD ist gestiegen über 68000")]
    [InlineData(" ABOVE\n", "📈 BTCUSD rose above 68000", "📈 BTCUSD ist gestiegen über 68000")]
    [InlineData("below", "📉 BTCUSD fell below 68000", "📉 BTCUSD ist gefallen unter 68000")]
    [InlineData("Below ", "📉 BTCUSD fell below 68000", "📉 BTCUSD ist gefallen unter 68000")]
    [InlineData("else", "🔔 BTCUSD reached 68000", "🔔 BTCUSD hat erreicht: 68000")]
    [InlineData("", "🔔 BTCUSD reached 68000", "🔔 BTCUSD hat erreicht: 68000")]
    public void A_price_alert_says_where_the_price_went(string condition, string english, string german)
    {
        var template = Shipped.Catalog.Find("price_alert_triggered")!;
        var vars = With(template, ("condition", condition));
        foreach (var (locale, said) in new[] { ("en", english), ("de", german) })
        {
            var mail = template.RenderEmail(vars, locale, null);
            Assert.Equal(said, mail.Subject);
            Assert.Contains(said, mail.Html, StringComparison.Ordinal);
            Assert.Contains(said, MarkdownV2.Read(template.RenderTelegram(vars, locale)).Text, StringComparison.Ordinal);
            Assert.Equal(said, JsonDocument.Parse(template.RenderPush(vars, locale)).RootElement.GetProperty("title").GetString());
        }
    }

    [Fact]
    public void An_entry_failure_shows_the_approval_and_the_volume_in_lots()
    {
        var template = Shipped.Catalog.Find("position_failure_entry")!;
        var mail = template.RenderEmail(template.SampleVars, "en", null);

        Assert.Contains("Volume: 0.50 lots\nApproval: apr_7Q2F9\n", MarkdownV2.Read(template.RenderTelegram(template.SampleVars, "en")).Text, StringComparison.Ordinal);
        Assert.Contains("Volume: 0.50 lots\nApproval: apr_7Q2F9\n", mail.Text, StringComparison.Ordinal);
        Assert.Contains(">0.50 lots</td>", mail.Html, StringComparison.Ordinal);
        Assert.Contains(">apr_7Q2F9</td>", mail.Html, StringComparison.Ordinal);
        Assert.Contains("buy 0.50 lots @", Encoding.UTF8.GetString(template.RenderPush(template.SampleVars, "en")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("position_failure_sl", "loss_amount")]
    [InlineData("position_failure_tp", "profit_amount")]
    [InlineData("payment_failed", "amount")]
    public void An_amount_has_the_decimals_of_its_currency_on_every_channel(string name, string amount)
    {
        var template = Shipped.Catalog.Find(name)!;
        foreach (var (currency, value, shown) in new[] { ("JPY", 154500m, "154500 JPY"), ("KRW", 12.00m, "12 KRW"), ("KWD", 12.5m, "12.500 KWD"), ("USD", 12.5m, "12.50 USD") })
        {
            var vars = With(template, (amount, value), ("currency", currency));
            var mail = template.RenderEmail(vars, "en", null);
            Assert.Contains(shown, MarkdownV2.Read(template.RenderTelegram(vars, "en")).Text, StringComparison.Ordinal);
            Assert.Contains(shown, Encoding.UTF8.GetString(template.RenderPush(vars, "en")), StringComparison.Ordinal);
            Assert.Contains(shown, mail.Text, StringComparison.Ordinal);
            Assert.Contains($">{shown}<", mail.Html, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("@other.example/x", "/@other.example/x")]
    [InlineData("//other.example/x", "/other.example/x")]
    [InlineData("https://other.example", "/https://other.example")]
    [InlineData("", "/dashboard/learn")]
    [InlineData(null, "/dashboard/learn")]
    public void The_path_of_a_lesson_is_a_path_of_the_product(string? path, string opened)
    {
        var template = Shipped.Catalog.Find("daily_insight")!;
        var vars = With(template, ("path", path));
        var mail = template.RenderEmail(vars, "en", null);
        var links = new[]
        {
            new HtmlParser().ParseDocument(mail.Html).QuerySelector("a")!.GetAttribute("href")!,
            MarkdownV2.Read(template.RenderTelegram(vars, "en")).Links.Single(),
            mail.Text.Split('\n').Single(line => line.StartsWith("Read on: ", StringComparison.Ordinal))["Read on: ".Length..],
        };

        Assert.All(links, link => Assert.Equal(Shipped.AppUrl, new Uri(link).GetLeftPart(UriPartial.Authority)));
        Assert.Equal(opened, JsonDocument.Parse(template.RenderPush(vars, "en")).RootElement.GetProperty("data").GetProperty("url").GetString());
    }

    [Fact]
    public void All_of_them_lead_to_the_product() => Assert.All(Shipped.Catalog.All, template => Assert.True(template.UsesAppUrl));

    [Fact]
    public void A_loss_is_in_US_dollars_unless_said_otherwise()
    {
        var template = Shipped.Catalog.Find("position_failure_sl")!;

        Assert.Contains(@"1545\.50 USD", template.RenderTelegram(With(template, ("currency", null)), "en"), StringComparison.Ordinal);
        Assert.Contains(@"1545\.50 EUR", template.RenderTelegram(With(template, ("currency", "EUR")), "en"), StringComparison.Ordinal);
    }

    [Fact]
    public void Mails_that_one_may_unsubscribe_from_carry_the_link_and_no_others() => Assert.All(Shipped.Catalog.All, template =>
    {
        var mail = template.RenderEmail(template.SampleVars, "en", Shipped.UnsubscribeUrl);
        Assert.Equal(template.Manifest.Unsubscribable, mail.Html.Contains(Shipped.UnsubscribeUrl, StringComparison.Ordinal));
        Assert.Equal(template.Manifest.Unsubscribable, mail.Text.Contains(Shipped.UnsubscribeUrl, StringComparison.Ordinal));
        Assert.DoesNotContain("nsubscribe<", template.RenderEmail(template.SampleVars, "en", null).Html, StringComparison.Ordinal);
    });

    internal static TemplateVars With(MessageTemplate template, params (string Name, object? Value)[] changes)
    {
        var vars = JsonSerializer.Deserialize<Dictionary<string, object?>>(template.SampleVars.Json)!;
        foreach (var (name, value) in changes) vars[name] = value;
        return TemplateVars.From(vars);
    }

    private static void Compare(string file, string actual)
    {
        var path = Path.Combine(Snapshots, file);
        if (Update) File.WriteAllText(path, actual + "\n");
        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), actual + "\n");
    }
}
