using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using CsCheck;
using OrleansNotify.Users;

namespace OrleansNotify.Tests.Host.Api;

/// <summary>Whatever a body holds: never a 500, and every error is problem+json.</summary>
public sealed class FuzzTests(ApiFixture fixture, RunningHost running) : IClassFixture<ApiFixture>
{
    private static readonly int Bodies = Fuzz.Times(1500);

    private static readonly (string Method, string Path, string Body)[] s_routes =
    [
        ("POST", "/api/v1/messages", """{"user_id":"u","template_name":"welcome","template_vars":{"name":"Ada"},"channel":"push","priority":"campaign","fallback":false,"idempotency_key":"k","instrument":"i","alert_type":"a","send_at":"2026-01-01T00:00:00Z","expires_at":"2026-01-01T00:00:00+02:00"}"""),
        ("POST", "/api/v1/messages/batch", """[{"user_id":"u","template_name":"t"},{"user_id":"v","template_name":"t","template_vars":{"a":[1,{"b":null}]}}]"""),
        ("POST", "/api/v1/messaging/test", """{"user_id":"u","channel":"email","template_name":"position_failure_sl","template_vars":{"instrument":"EURUSD","side":"buy","entry_price":1.1,"current_price":1,"loss_amount":5,"broker_ticket":"1"}}"""),
        ("POST", "/api/v1/templates/position_failure_sl/preview", """{"template_vars":{"loss_amount":-1.5e3,"instrument":"EURUSD","side":"sell"},"locale":"de","channel":"telegram"}"""),
        ("POST", "/api/v1/dead-letters/redrive", """{"channel":"push","reason":"r","template_name":"welcome","from":"2026-01-01T00:00:00Z","to":"2026-01-02T00:00:00Z","dry_run":true}"""),
        ("PUT", "/api/v1/users/u", """{"email":"a@b.example","telegram_chat_id":"1","locale":"en"}"""),
        ("PUT", "/api/v1/users/u/preferences", """{"channels":{"push":true,"telegram":false,"email":true},"instruments_enabled":["EURUSD"],"alert_types_enabled":[],"unsubscribed_types":["education"],"quiet_hours":{"enabled":true,"start":"22:00","end":"07:00","time_zone":"UTC"},"urgent_during_quiet_hours":true,"fallback_order":["push","email"]}"""),
        ("POST", "/api/v1/campaigns", """{"name":"n","template_name":"welcome","channel":"email","fallback":true,"batch_size":10,"start_at":"2026-01-02T00:00:00Z","expires_at":"2026-01-03T00:00:00Z","rate":60,"idempotency_key":"fuzz","audience":[{"user_id":"u","vars":{"name":"Ada"}},{"user_id":"v"}]}"""),
        ("POST", "/api/v1/users/u/push-subscriptions", """{"endpoint":"https://push.example/1","expirationTime":null,"keys":{"p256dh":"x","auth":"y"}}"""),
    ];

    private static readonly string[] s_tokens =
    [
        "null", "true", "0", "-1", "1e999", "1e-999", "99999999999999999999999999", "1.0000000000000000000000001", "NaN", "\"\"", "\" \"", "\"\\u0000\"",
        "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"push\"", "\"2026-01-01T00:00:00Z\"", "\"9999-12-31T23:59:59-14:00\"", "\"{{ 1 | divided_by: 0 }}\"", "\"*_[]()~`>#+-=|{}.!\\\\\"",
        "[]", "{}", "[[[[[[[[[[]]]]]]]]]]", "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":1}}}}}", "{\"\":1}", "{\"a\":1,\"a\":2}", "[null]", "{", "}", ",", ":", "\"", "\\", "\u2028", "\ufeff", "/**/",
    ];

    /// <summary>A body with some of its characters replaced by others, or by whole values, or cut.</summary>
    private static readonly Gen<string> s_body =
        from route in Gen.Int[0, s_routes.Length - 1]
        from edits in Gen.Select(Gen.Int[0, 400], Gen.Int[0, 12], Gen.OneOf(Gen.Int[0, s_tokens.Length - 1].Select(at => s_tokens[at]), Gen.String[0, 3])).Array[0, 4]
        select route.ToString(CultureInfo.InvariantCulture) + Edited(s_routes[route].Body, edits);

    private readonly ApiHost _api = fixture.Api;
    private readonly ConcurrentDictionary<int, int> _answers = new();

    private static string Edited(string body, (int At, int Length, string Text)[] edits)
    {
        foreach (var (at, length, text) in edits)
        {
            var start = at % (body.Length + 1);
            body = body.Remove(start, Math.Min(length, body.Length - start)).Insert(start, text);
        }

        return body;
    }

    private Task Holds(int route, byte[] body) => Holds(_api.Http, _api.Token("owner"), route, body);

    private async Task Holds(HttpClient http, string token, int route, byte[] body)
    {
        using var request = new HttpRequestMessage(new(s_routes[route].Method), s_routes[route].Path) { Content = new ByteArrayContent(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Content.Headers.ContentType = new("application/json");
        var answer = await Answer.Of(await http.SendAsync(request, TestContext.Current.CancellationToken));
        _answers.AddOrUpdate(answer.Code, 1, (_, count) => count + 1);
        if (answer.Code < 300) return;
        Assert.True(answer.Code is 400 or 404 or 409, $"{s_routes[route].Path} answers {answer.Code} to {Encoding.UTF8.GetString(body)}: {answer.Text}");
        answer.IsProblem(answer.Code);
        if (answer.Code == 400) Assert.NotEmpty(answer.Fields);
    }

    private void KnowTheUser()
    {
        var user = _api.Grains.User("u");
        user.View = new UserView { Locale = "en", Disabled = [], PushSubscriptions = [] };
        user.Profile = new Profile { Known = true, Addresses = new() { Email = "a@b.example" } };
    }

    [Fact]
    public async Task Bodies_with_anything_in_any_place_are_answered()
    {
        KnowTheUser();
        await s_body.SampleAsync(body => Holds(body[0] - '0', Encoding.UTF8.GetBytes(body[1..])), iter: Bodies, threads: 2);
        Assert.All([200, 202, 400], code => Assert.True(_answers.GetValueOrDefault(code) > 10, $"{code} was hardly ever answered"));
    }

    [Fact]
    public async Task So_are_they_by_real_users()
    {
        var token = await running.Token("owner");
        using var http = await running.Browser();
        foreach (var body in s_routes.Index()) await Holds(http, token, body.Index, Encoding.UTF8.GetBytes(body.Item.Body));
        await s_body.SampleAsync(body => Holds(http, token, body[0] - '0', Encoding.UTF8.GetBytes(body[1..])), iter: Bodies / 3, threads: 2);
        Assert.All([200, 400], code => Assert.True(_answers.GetValueOrDefault(code) > 10, $"{code} was hardly ever answered"));
    }

    [Fact]
    public async Task Bodies_of_broken_bytes_are_answered()
    {
        KnowTheUser();
        var broken =
            from route in Gen.Int[0, s_routes.Length - 1]
            from edits in Gen.Select(Gen.Int[0, 400], Gen.Byte).Array[1, 6]
            select (route, edits);
        await broken.SampleAsync(
            sample =>
            {
                var body = Encoding.UTF8.GetBytes(s_routes[sample.route].Body);
                foreach (var (at, value) in sample.edits) body[at % body.Length] = value;
                return Holds(sample.route, body);
            },
            iter: Bodies,
            threads: 2);
    }

    [Fact]
    public async Task Every_value_in_the_place_of_every_other_is_answered()
    {
        KnowTheUser();
        for (var route = 0; route < s_routes.Length; route++)
            foreach (var (start, end) in Values(s_routes[route].Body))
                foreach (var token in s_tokens)
                    await Holds(route, Encoding.UTF8.GetBytes(s_routes[route].Body[..start] + token + s_routes[route].Body[end..]));
    }

    /// <summary>Where the values of a JSON text are.</summary>
    private static List<(int Start, int End)> Values(string json)
    {
        var places = new List<(int, int)>();
        var reader = new System.Text.Json.Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        while (reader.Read())
            if (reader.TokenType is >= System.Text.Json.JsonTokenType.String)
                places.Add(((int)reader.TokenStartIndex, (int)reader.BytesConsumed));
        return places;
    }
}
