using OrleansNotify.Users;

namespace OrleansNotify.Tests.Host.Api;

public sealed class TestRouteTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private const string Path = "/api/v1/messaging/test";
    private readonly ApiHost _api = fixture.Api;

    private static string Body(string user, string channel = "email", string template = "welcome", string vars = "{}") =>
        $$"""{"user_id":"{{user}}","channel":"{{channel}}","template_name":"{{template}}","template_vars":{{vars}}}""";

    [Fact]
    public async Task What_was_sent_is_reported_with_id_and_time()
    {
        _api.Grains.User("here").Profile = new Profile { Known = true, Addresses = new() { Email = "a@b.example" } };
        var answer = await _api.Ask("POST", Path, Body("here"));
        var id = answer.Json.GetProperty("message_id").GetGuid();
        Assert.Equal($$"""{"status":"sent","message_id":"{{id}}","delivery_time_ms":0,"error":null,"detail":"250 ok"}""", answer.Text);
    }

    [Theory]
    [InlineData("email", "no_address")]
    [InlineData("telegram", "channel_not_configured")]
    public async Task What_was_not_sent_is_reported_with_the_reason(string channel, string error)
    {
        _api.Grains.User("there").Profile = new Profile { Known = true, Addresses = new() { TelegramChatId = "7" } };
        var answer = await _api.Ask("POST", Path, Body("there", channel));
        Assert.Equal((200, "failed", error), (answer.Code, answer.Json.GetProperty("status").GetString(), answer.Json.GetProperty("error").GetString()));
    }

    [Fact]
    public async Task What_is_wrong_with_the_request_is_an_error_by_field()
    {
        Assert.Equal(Reasons.UnknownUser, (await _api.Ask("POST", Path, Body("nobody"))).IsProblem(404).Reason);
        Assert.Equal(["user_id"], (await _api.Ask("POST", Path, Body("no body"))).IsProblem(400).Fields);
        Assert.Equal(["template_name"], (await _api.Ask("POST", Path, Body("nobody", template: "x"))).IsProblem(400).Fields);
        Assert.Contains("template_vars.loss_amount", (await _api.Ask("POST", Path, Body("nobody", template: "position_failure_sl"))).IsProblem(400).Fields);
    }
}
