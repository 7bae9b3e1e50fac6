using System.Text.Json;

namespace OrleansNotify.Tests.Host.Api;

public sealed class TemplateRoutesTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private readonly ApiHost _api = fixture.Api;

    private Task<Answer> Preview(string template, string body = "{}") => _api.Ask("POST", $"/api/v1/templates/{template}/preview", body);

    [Fact]
    public async Task Templates_are_listed_with_their_variables()
    {
        var page = (await _api.Ask("GET", "/api/v1/templates")).Json;
        Assert.Equal("null", page.GetProperty("next_cursor").GetRawText());
        var templates = page.GetProperty("items").EnumerateArray().ToDictionary(template => template.GetProperty("name").GetString()!);
        Assert.Equal(templates.Keys.Order(StringComparer.Ordinal), templates.Keys);
        var loss = templates["position_failure_sl"];
        Assert.Equal("sl", loss.GetProperty("position_failure").GetString());
        Assert.True(loss.GetProperty("urgent").GetBoolean());
        Assert.Equal(["push", "telegram", "email"], loss.GetProperty("channels").EnumerateArray().Select(channel => channel.GetString()));
        var amount = loss.GetProperty("variables").EnumerateArray().Single(variable => variable.GetProperty("name").GetString() == "loss_amount");
        Assert.True(amount.GetProperty("required").GetBoolean());
        Assert.NotEqual(JsonValueKind.Undefined, amount.GetProperty("sample").ValueKind);
    }

    [Fact]
    public async Task A_preview_shows_every_channel_with_the_samples()
    {
        var preview = (await Preview("position_failure_sl")).Json;
        Assert.Equal("🚨 URGENT: Manual Stop Loss Close Required", preview.GetProperty("email").GetProperty("subject").GetString());
        Assert.Contains("<html", preview.GetProperty("email").GetProperty("html").GetString(), StringComparison.OrdinalIgnoreCase);
        Assert.NotEmpty(preview.GetProperty("email").GetProperty("text").GetString()!);
        Assert.NotEmpty(preview.GetProperty("telegram").GetString()!);
        Assert.Equal("/dashboard/positions", preview.GetProperty("push").GetProperty("data").GetProperty("url").GetString());
    }

    [Fact]
    public async Task A_preview_shows_the_variables_that_are_given_as_text()
    {
        var preview = (await Preview("position_failure_sl", """{"template_vars":{"instrument":"<b>{{1}}"},"channel":"email"}""")).Json;
        Assert.Equal(["email"], preview.EnumerateObject().Select(part => part.Name));
        Assert.Contains("&lt;b&gt;{{1}}", preview.GetProperty("email").GetProperty("html").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_preview_speaks_the_language_that_is_asked_for()
    {
        string Subject(Answer answer) => answer.Json.GetProperty("email").GetProperty("subject").GetString()!;
        var english = Subject(await Preview("price_alert_triggered", """{"locale":"en"}"""));
        var german = Subject(await Preview("price_alert_triggered", """{"locale":"de-AT"}"""));
        Assert.NotEqual(english, german);
    }

    [Fact]
    public async Task A_preview_shows_the_unsubscribe_link_where_the_mail_has_one() => Assert.Contains(
        "https://notify.example/unsubscribe/preview",
        (await Preview("welcome")).Json.GetProperty("email").GetProperty("html").GetString(),
        StringComparison.Ordinal);

    [Fact]
    public async Task What_cannot_be_shown_is_an_error_by_field()
    {
        (await Preview("nothing")).IsProblem(404);
        Assert.Equal(["template_vars.name"], (await Preview("welcome", """{"template_vars":{"name":[]}}""")).IsProblem(400).Fields);
        var large = "{\"template_vars\":{\"name\":\"" + new string('x', 17_000) + "\"}}";
        Assert.Equal(["template_vars"], (await Preview("welcome", large)).IsProblem(400).Fields);
        Assert.Equal(["locale"], (await Preview("welcome", """{"locale":"../../etc"}""")).IsProblem(400).Fields);
        Assert.Equal(["channel"], (await Preview("welcome", """{"channel":"sms"}""")).IsProblem(400).Fields);
    }
}
