using System.Text;

namespace OrleansNotify.Tests.Host.Api;

/// <summary>Bodies that are wrong in every way we know of: the exact status, and the exact field.</summary>
public sealed class HostileBodyTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private readonly ApiHost _api = fixture.Api;

    private const string Rest = "\"user_id\":\"u\",\"template_name\":\"t\"";

    [Theory]
    [InlineData("", "body")]
    [InlineData(" ", "body")]
    [InlineData("null", "body")]
    [InlineData("[]", "body")]
    [InlineData("\"x\"", "body")]
    [InlineData("{", "body")]
    [InlineData("{" + Rest + ",}", "body")]
    [InlineData("{" + Rest + "} {}", "body")]
    [InlineData("{" + Rest + "} // and more", "body")]
    [InlineData("{'user_id':'u'}", "body")]
    [InlineData("{}", "user_id,template_name")]
    [InlineData("{\"user_id\":\"u\"}", "template_name")]
    [InlineData("{\"user_id\":null,\"template_name\":null}", "user_id,template_name")]
    [InlineData("{\"user_id\":1,\"template_name\":{}}", "user_id,template_name")]
    [InlineData("{\"user_id\":\"\",\"template_name\":\"t\"}", "user_id")]
    [InlineData("{\"user_id\":\"a b\",\"template_name\":\"t\"}", "user_id")]
    [InlineData("{\"user_id\":\"é\",\"template_name\":\"t\"}", "user_id")]
    [InlineData("{\"user_id\":\"\\u0000\",\"template_name\":\"t\"}", "user_id")]
    [InlineData("{\"user_id\":\"\\ud800\",\"template_name\":\"t\"}", "user_id")]
    [InlineData("{" + Rest + ",\"user_id\":\"v\"}", "user_id")]
    [InlineData("{" + Rest + ",\"User_Id\":\"v\"}", "User_Id")]
    [InlineData("{" + Rest + ",\"nonsense\":1,\"more\":2}", "nonsense,more")]
    [InlineData("{" + Rest + ",\"\\ud800\":1}", "\\ud800")]
    [InlineData("{" + Rest + ",\"__proto__\":{}}", "__proto__")]
    [InlineData("{" + Rest + ",\"channel\":\"sms\"}", "channel")]
    [InlineData("{" + Rest + ",\"channel\":\"Push\"}", "channel")]
    [InlineData("{" + Rest + ",\"channel\":\"push,email\"}", "channel")]
    [InlineData("{" + Rest + ",\"channel\":\"\"}", "channel")]
    [InlineData("{" + Rest + ",\"channel\":1}", "channel")]
    [InlineData("{" + Rest + ",\"channel\":[\"push\"]}", "channel")]
    [InlineData("{" + Rest + ",\"priority\":null}", "priority")]
    [InlineData("{" + Rest + ",\"priority\":\"high\"}", "priority")]
    [InlineData("{" + Rest + ",\"fallback\":\"true\"}", "fallback")]
    [InlineData("{" + Rest + ",\"fallback\":null}", "fallback")]
    [InlineData("{" + Rest + ",\"idempotency_key\":7}", "idempotency_key")]
    [InlineData("{" + Rest + ",\"send_at\":\"2026-01-01\"}", "send_at")]
    [InlineData("{" + Rest + ",\"send_at\":\"2026-01-01T00:00:00\"}", "send_at")]
    [InlineData("{" + Rest + ",\"send_at\":\"2026-13-01T00:00:00Z\"}", "send_at")]
    [InlineData("{" + Rest + ",\"send_at\":\"0001-01-01T00:00:00+14:00\"}", "send_at")]
    [InlineData("{" + Rest + ",\"send_at\":\"now\"}", "send_at")]
    [InlineData("{" + Rest + ",\"send_at\":1767225600}", "send_at")]
    [InlineData("{" + Rest + ",\"send_at\":\"\\ud800\"}", "send_at")]
    [InlineData("{" + Rest + ",\"template_vars\":null}", "template_vars")]
    [InlineData("{" + Rest + ",\"template_vars\":[]}", "template_vars")]
    [InlineData("{" + Rest + ",\"template_vars\":\"{}\"}", "template_vars")]
    [InlineData("{" + Rest + ",\"template_vars\":{\"loss_amount\":1,\"loss_amount\":2}}", "template_vars.loss_amount")]
    [InlineData("{" + Rest + ",\"template_vars\":{\"a\":[{\"b\":1,\"b\":2}]}}", "template_vars.a[0].b")]
    [InlineData("{" + Rest + ",\"template_vars\":{\"a\":[\"x\",\"\\udc00\"]}}", "template_vars.a[1]")]
    [InlineData("{" + Rest + ",\"template_vars\":{\"a\":NaN}}", "body")]
    public async Task A_wrong_message_is_a_400_that_names_the_field(string body, string fields)
    {
        var answer = (await _api.Ask("POST", "/api/v1/messages", body)).IsProblem(400);
        Assert.Equal(fields.Split(','), answer.Fields);
        Assert.Empty(_api.Grains.Users);
    }

    [Theory]
    [InlineData("{\"quiet_hours\":{\"time_zone\":3}}", "quiet_hours.time_zone")]
    [InlineData("{\"quiet_hours\":{\"zone\":\"UTC\"}}", "quiet_hours.zone")]
    [InlineData("{\"quiet_hours\":{\"start\":\"22:00:00\"}}", "quiet_hours.start")]
    [InlineData("{\"quiet_hours\":{\"start\":\"24:00\",\"end\":\"7:00\"}}", "quiet_hours.start,quiet_hours.end")]
    [InlineData("{\"quiet_hours\":null}", "quiet_hours")]
    [InlineData("{\"quiet_hours\":[]}", "quiet_hours")]
    [InlineData("{\"channels\":{\"sms\":true}}", "channels.sms")]
    [InlineData("{\"channels\":{\"push\":1}}", "channels.push")]
    [InlineData("{\"fallback_order\":[\"push\",\"sms\"]}", "fallback_order[1]")]
    [InlineData("{\"fallback_order\":[null]}", "fallback_order[0]")]
    [InlineData("{\"fallback_order\":null}", "fallback_order")]
    [InlineData("{\"fallback_order\":\"push\"}", "fallback_order")]
    [InlineData("{\"instruments_enabled\":[\"EURUSD\",null,7]}", "instruments_enabled[1],instruments_enabled[2]")]
    [InlineData("{\"instruments_enabled\":{}}", "instruments_enabled")]
    [InlineData("{\"urgent_during_quiet_hours\":0}", "urgent_during_quiet_hours")]
    public async Task Wrong_preferences_are_a_400_that_names_the_field(string body, string fields)
    {
        var answer = (await _api.Ask("PUT", "/api/v1/users/u/preferences", body)).IsProblem(400);
        Assert.Equal(fields.Split(','), answer.Fields);
        Assert.Empty(_api.Grains.Users);
    }

    [Theory]
    [InlineData("PUT", "/api/v1/users/u", "{\"email\":1}", "email")]
    [InlineData("PUT", "/api/v1/users/u", "{\"telegram_chat_id\":true}", "telegram_chat_id")]
    [InlineData("PUT", "/api/v1/users/u", "{\"phone\":\"1\"}", "phone")]
    [InlineData("POST", "/api/v1/users/u/push-subscriptions", "{}", "endpoint,keys")]
    [InlineData("POST", "/api/v1/users/u/push-subscriptions", "{\"endpoint\":\"https://x\",\"keys\":{\"auth\":\"a\"}}", "keys.p256dh")]
    [InlineData("POST", "/api/v1/messaging/test", "{}", "user_id,channel,template_name")]
    [InlineData("POST", "/api/v1/messaging/test", "{\"user_id\":\"u\",\"channel\":\"fax\",\"template_name\":\"t\"}", "channel")]
    [InlineData("POST", "/api/v1/templates/welcome/preview", "{\"locale\":null}", "locale")]
    [InlineData("GET", "/api/v1/users/u/messages?limit=0", null, "limit")]
    [InlineData("GET", "/api/v1/users/u/messages?limit=101", null, "limit")]
    [InlineData("GET", "/api/v1/users/u/messages?limit=-1", null, "limit")]
    [InlineData("GET", "/api/v1/users/u/messages?limit=ten", null, "limit")]
    [InlineData("GET", "/api/v1/users/u/messages?limit=1&limit=2", null, "limit")]
    [InlineData("GET", "/api/v1/users/u/messages?cursor=x", null, "cursor")]
    [InlineData("GET", "/api/v1/users/u/messages/7", null, "message_id")]
    [InlineData("DELETE", "/api/v1/users/u/messages/7", null, "message_id")]
    [InlineData("GET", "/api/v1/users/a%20b", null, "id")]
    [InlineData("GET", "/api/v1/users/%C3%A9/preferences", null, "id")]
    public async Task Wrong_input_elsewhere_is_a_400_that_names_the_field(string method, string path, string? body, string fields)
    {
        var answer = (await _api.Ask(method, path, body)).IsProblem(400);
        Assert.Equal(fields.Split(','), answer.Fields);
        Assert.Empty(_api.Grains.Users);
    }

    [Fact]
    public async Task A_wrong_enum_value_lists_the_allowed_ones()
    {
        var answer = await _api.Ask("POST", "/api/v1/messages", "{" + Rest + ",\"channel\":\"sms\"}");
        Assert.Equal("Must be one of: push, telegram, email.", answer.Json.GetProperty("errors").GetProperty("channel")[0].GetString());
    }

    [Fact]
    public async Task Neither_values_nor_long_names_nor_endless_errors_are_repeated()
    {
        var body = new StringBuilder("{\"user_id\":\"u\",\"template_name\":\"t\",\"channel\":\"hunter2\",\"").Append('x', 5000).Append("\":1");
        for (var at = 0; at < 1000; at++) body.Append($",\"f{at}\":{at}");
        var answer = (await _api.Ask("POST", "/api/v1/messages", body.Append('}').ToString())).IsProblem(400);
        Assert.DoesNotContain("hunter2", answer.Text, StringComparison.Ordinal);
        Assert.Contains(new string('x', 64) + "…", answer.Fields);
        Assert.Equal(20, answer.Fields.Length);
        Assert.True(answer.Text.Length < 3000);
    }

    [Fact]
    public async Task Deep_nesting_is_a_400()
    {
        var deep = new string('[', 5000) + new string(']', 5000);
        Assert.Equal(["body"], (await _api.Ask("POST", "/api/v1/messages", "{" + Rest + ",\"template_vars\":{\"a\":" + deep + "}}")).IsProblem(400).Fields);
        Assert.Equal(["body"], (await _api.Ask("POST", "/api/v1/messages/batch", deep)).IsProblem(400).Fields);
    }

    [Fact]
    public async Task Bytes_that_are_not_UTF8_are_a_400()
    {
        var text = Encoding.Latin1.GetBytes("{\"user_id\":\"u\",\"template_name\":\"é\",\"é\":1,\"template_vars\":{\"é\":\"é\"}}");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/messages") { Content = new ByteArrayContent(text) };
        request.Headers.Authorization = new("Bearer", _api.Token());
        request.Content.Headers.ContentType = new("application/json");
        var answer = await Answer.Of(await _api.Http.SendAsync(request, TestContext.Current.CancellationToken));
        Assert.Contains("template_name", answer.IsProblem(400).Fields);
    }
}
