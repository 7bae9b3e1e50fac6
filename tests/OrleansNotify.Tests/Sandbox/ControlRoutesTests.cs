using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using OrleansNotify.Sandbox;

namespace OrleansNotify.Tests.Sandbox;

public sealed class ControlRoutesTests : IAsyncLifetime
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private SandboxServer _sandbox = null!;

    public async ValueTask InitializeAsync()
    {
        _sandbox = await SandboxServer.StartAsync(new SandboxOptions(), TimeProvider.System);
        _http.BaseAddress = new Uri(_sandbox.HttpUrl);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _sandbox.DisposeAsync();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_inbox_is_read_from_where_one_left_off_and_emptied()
    {
        _sandbox.Inbox.Add(new DeliveredMail { From = "a@b.example", To = "c@d.example", Raw = "Subject: x\r\n\r\nhi"u8.ToArray() });
        _sandbox.Inbox.Add(new DeliveredTelegram { To = "7", Text = "*x*", PlainText = "x", Html = "<b>x</b>", MessageId = 3 });
        _sandbox.Inbox.Add(new DeliveredPush { To = "id", Payload = "{}"u8.ToArray(), Ttl = 60, Urgency = "high", Topic = "t" });

        var all = await Get("/sandbox/inbox");
        Assert.Equal(["email", "telegram", "push"], all.EnumerateArray().Select(item => item.GetProperty("receiver").GetString()));
        var later = (await Get("/sandbox/inbox?after=1")).EnumerateArray().ToList();
        Assert.Equal([2, 3], later.Select(item => item.GetProperty("number").GetInt32()));
        Assert.Equal("a@b.example|Subject: x\r\n\r\nhi", $"{Text(all[0], "from")}|{Text(all[0], "text")}");
        Assert.Equal("7|*x*|x|<b>x</b>", $"{Text(later[0], "to")}|{Text(later[0], "text")}|{Text(later[0], "plain_text")}|{Text(later[0], "html")}");
        Assert.Equal("{}|high|t", $"{Text(later[1], "text")}|{Text(later[1], "urgency")}|{Text(later[1], "topic")}");
        Assert.Equal((3, 60), (later[0].GetProperty("message_id").GetInt32(), later[1].GetProperty("ttl").GetInt32()));

        Assert.Equal(HttpStatusCode.NoContent, (await _http.DeleteAsync(new Uri("/sandbox/inbox", UriKind.Relative), Cancellation)).StatusCode);
        Assert.Equal(0, (await Get("/sandbox/inbox")).GetArrayLength());
        Assert.Equal(0, (await Get("/sandbox/counters")).GetProperty("push").GetProperty("total").GetInt32());
    }

    [Theory]
    [InlineData("Host", "evil.example")]
    [InlineData("Host", "127.0.0.1:1")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("X-Forwarded-For", "203.0.113.9")]
    [InlineData("X-Forwarded-Proto", "https")]
    [InlineData("X-Forwarded-Host", "evil.example")]
    [InlineData("X-Real-IP", "203.0.113.9")]
    [InlineData("Forwarded", "for=203.0.113.9")]
    [InlineData("Via", "1.1 proxy")]
    public async Task A_web_page_and_a_proxy_are_refused(string header, string value)
    {
        foreach (var path in (string[])["/sandbox/inbox", "/sandbox/counters"])
        {
            using HttpRequestMessage request = new(HttpMethod.Get, path);
            request.Headers.TryAddWithoutValidation(header, value);
            using var answer = await _http.SendAsync(request, Cancellation);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("POST", "/sandbox/faults", "text/plain")]
    [InlineData("POST", "/sandbox/subscriptions", "application/x-www-form-urlencoded")]
    [InlineData("PUT", "/sandbox/chats/7", null)]
    public async Task A_body_that_a_page_may_send_unasked_is_refused(string method, string path, string? media)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), path) { Content = new ByteArrayContent("{}"u8.ToArray()) };
        if (media is not null) request.Content.Headers.ContentType = new(media);
        using var answer = await _http.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
    }

    [Fact]
    public async Task Repeats_are_counted_by_recipient_and_message()
    {
        var mail = "From: a@b.example\r\nmessage-id: <1@b.example>\r\n\r\nhi"u8.ToArray();
        foreach (var to in new[] { "c@d.example", "e@f.example", "c@d.example" })
            _sandbox.Inbox.Add(new DeliveredMail { From = "a@b.example", To = to, Raw = mail });
        foreach (var topic in new[] { "m1", "m2", "m2", "m2" })
            _sandbox.Inbox.Add(new DeliveredPush { To = "device", Payload = default, Ttl = 60, Topic = topic });

        var counters = await Get("/sandbox/counters");
        Assert.Equal((3, 1), Count(counters, "email"));
        Assert.Equal((4, 2), Count(counters, "push"));
        Assert.Equal((0, 0), Count(counters, "telegram"));
        Assert.False(counters.GetProperty("telegram").TryGetProperty("first_at", out _));
        Assert.True(counters.GetProperty("push").GetProperty("last_at").GetDateTimeOffset() >= counters.GetProperty("push").GetProperty("first_at").GetDateTimeOffset());
        Assert.Equal(2, (await Get("/sandbox/counters/email")).GetProperty("c@d.example <1@b.example>").GetInt32());
        Assert.Equal(["device m1", "device m2"], (await Get("/sandbox/counters/push")).EnumerateObject().Select(each => each.Name).Order());
    }

    [Fact]
    public async Task A_fault_is_set_for_a_recipient_and_a_number_of_requests_and_taken_away()
    {
        await Send(HttpMethod.Post, "/sandbox/faults", """{"receiver":"telegram","kind":"reply","status":429,"retry_after":9,"to":"7","times":2}""", 204);
        Assert.Equal(HttpStatusCode.OK, await Message("8"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await Message("7"));
        await Send(HttpMethod.Delete, "/sandbox/faults", "", 204);
        Assert.Equal(HttpStatusCode.OK, await Message("7"));

        await Send(HttpMethod.Post, "/sandbox/faults", """{"receiver":"email","kind":"delay","delay_ms":1500,"stage":"end_of_data","text":"x"}""", 204);
        var fault = _sandbox.Faults.Take(Receiver.Email, null, SmtpStage.EndOfData)!;
        Assert.Equal((FaultKind.Delay, TimeSpan.FromSeconds(1.5), "x"), (fault.Kind, fault.Delay, fault.Text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"receiver":"pigeon","kind":"reply"}""")]
    [InlineData("""{"receiver":"push"}""")]
    [InlineData("""{"receiver":"push","kind":"reply","satus":500}""")]
    public async Task What_is_no_fault_is_refused(string body) => await Send(HttpMethod.Post, "/sandbox/faults", body, 400);

    [Fact]
    public async Task A_subscription_is_made_as_a_browser_gives_it_and_ended()
    {
        var subscription = JsonDocument.Parse(await Send(HttpMethod.Post, "/sandbox/subscriptions", """{"vapid_key":"BKey"}""", 200)).RootElement;
        var endpoint = subscription.GetProperty("endpoint").GetString()!;
        Assert.StartsWith(_sandbox.PushUrl + "/push/", endpoint, StringComparison.Ordinal);
        Assert.Equal(["endpoint", "expirationTime", "keys"], subscription.EnumerateObject().Select(each => each.Name));
        Assert.Equal((87, 22), (Text(subscription.GetProperty("keys"), "p256dh").Length, Text(subscription.GetProperty("keys"), "auth").Length));

        var id = endpoint.Split('/')[^1];
        await Send(HttpMethod.Delete, $"/sandbox/subscriptions/{id}", "", 204);
        await Send(HttpMethod.Delete, "/sandbox/subscriptions/nobody", "", 404);
        await Send(HttpMethod.Post, $"/push/{id}", "", 410);
    }

    [Fact]
    public async Task A_chat_is_marked()
    {
        await Send(HttpMethod.Put, "/sandbox/chats/7", """{"state":"blocked"}""", 204);
        Assert.Equal(HttpStatusCode.Forbidden, await Message("7"));
        await Send(HttpMethod.Put, "/sandbox/chats/7", """{"moved_to":-100}""", 204);
        Assert.Equal(-100, _sandbox.Chats.ErrorOf("7")!.MigrateToChatId);
        await Send(HttpMethod.Put, "/sandbox/chats/7", "{}", 204);
        Assert.Equal(HttpStatusCode.OK, await Message("7"));
        Assert.Null(_sandbox.Chats.ErrorOf("7"));
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static (int Total, int Duplicates) Count(JsonElement counters, string receiver)
    {
        var count = counters.GetProperty(receiver);
        return (count.GetProperty("total").GetInt32(), count.GetProperty("duplicates").GetInt32());
    }

    private Task<JsonElement> Get(string path) => _http.GetFromJsonAsync<JsonElement>(path, Cancellation);

    private async Task<string> Send(HttpMethod method, string path, string body, int status)
    {
        using HttpRequestMessage request = new(method, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        using var response = await _http.SendAsync(request, Cancellation);
        Assert.Equal(status, (int)response.StatusCode);
        return await response.Content.ReadAsStringAsync(Cancellation);
    }

    private async Task<HttpStatusCode> Message(string chat)
    {
        using var response = await _http.PostAsJsonAsync($"/bot{_sandbox.BotToken}/sendMessage", new { chat_id = chat, text = "x" }, Cancellation);
        return response.StatusCode;
    }
}
