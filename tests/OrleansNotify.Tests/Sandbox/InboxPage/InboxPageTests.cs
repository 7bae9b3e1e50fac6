using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using OrleansNotify.Sandbox;
using OrleansNotify.Tests.Host;

namespace OrleansNotify.Tests.Sandbox.InboxPage;

public sealed class InboxPageTests(RunningHost host)
{
    private const string Mail = """
        From: Alerts <alerts@b.example>
        To: ann@a.example
        Subject: =?utf-8?B?w4TDpCA8Yj4=?=
        MIME-Version: 1.0
        Content-Type: multipart/alternative; boundary=x

        --x
        Content-Type: text/plain; charset=utf-8

        plain <b>
        --x
        Content-Type: text/html; charset=utf-8

        <p style="color:red">rich</p><script>alert(1)</script>
        --x--

        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_mail_is_shown_with_its_parts_and_headers_and_its_markup_on_a_page_that_can_do_nothing()
    {
        using var browser = await host.Browser();

        var item = await Add(browser, new DeliveredMail { To = "ann@a.example", From = "bounce@b.example", Raw = Bytes(Mail.ReplaceLineEndings("\r\n")) });

        Assert.Equal("email", item.GetProperty("kind").GetString());
        Assert.Equal("Ää <b>", item.GetProperty("title").GetString());
        Assert.Equal("Alerts <alerts@b.example>", item.GetProperty("from").GetString());
        Assert.Equal("plain <b>", item.GetProperty("text").GetString()!.Trim());
        Assert.Contains(item.GetProperty("headers").EnumerateArray(), header => header[0].GetString() == "Content-Type");
        using var page = await browser.GetAsync(new Uri($"/inbox/mails/{item.GetProperty("number").GetInt64()}", UriKind.Relative), Cancellation);
        Assert.Contains("<p style", await page.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
        Assert.Contains("sandbox allow-same-origin", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'self'", policy, StringComparison.Ordinal);
        Assert.False(page.Headers.Contains("X-Frame-Options"));
    }

    [Fact]
    public async Task What_is_no_mail_is_shown_as_its_source()
    {
        using var browser = await host.Browser();

        var item = await Add(browser, new DeliveredMail { To = "a@b.example", From = "c@d.example", Raw = Array.Empty<byte>() });

        Assert.Equal("c@d.example", item.GetProperty("from").GetString());
        Assert.Equal("", item.GetProperty("source").GetString());
        Assert.False(item.GetProperty("hasHtml").GetBoolean());
    }

    [Fact]
    public async Task A_Telegram_message_is_shown_with_its_formatting_and_its_source()
    {
        using var browser = await host.Browser();

        var item = await Add(browser, new DeliveredTelegram { To = "42", Text = "*hi*", PlainText = "hi", Html = "<b>hi</b>", MessageId = 1 });

        Assert.Equal(("telegram", "42", "<b>hi</b>", "*hi*"), (Text(item, "kind"), Text(item, "to"), Text(item, "html"), Text(item, "source")));
    }

    [Theory]
    [InlineData("""{"title":"t","body":"b","data":{"url":"/a"}}""", "t", "b", "/a")]
    [InlineData("""{"title":1,"data":[],"tag":1}""", null, null, null)]
    [InlineData("[]", null, null, null)]
    [InlineData("no json", null, null, null)]
    [InlineData("""{"title":"t","tag":"once"}""", "t", null, null, ",[\"Tag\",\"once\"]")]
    public async Task A_push_is_shown_as_far_as_it_can_be_read(string payload, string? title, string? body, string? link, string more = "")
    {
        using var browser = await host.Browser();

        var item = await Add(browser, new DeliveredPush { To = "d1", Payload = Bytes(payload), Ttl = 60, Urgency = "high" });

        Assert.Equal((title, body, link, payload), (Text(item, "title"), Text(item, "text"), Text(item, "link"), Text(item, "source")));
        Assert.Equal($"""[["TTL","60 s"],["Urgency","high"]{more}]""", item.GetProperty("headers").GetRawText());
    }

    [Theory]
    [InlineData("/inbox", "text/html", "<!doctype html>")]
    [InlineData("/inbox/inbox.js", "text/javascript", "\"use strict\"")]
    [InlineData("/inbox/inbox.css", "text/css", ":root")]
    public async Task The_page_brings_its_files_along(string path, string type, string start)
    {
        using var browser = await host.Browser();

        using var answer = await browser.GetAsync(new Uri(path, UriKind.Relative), Cancellation);

        Assert.Equal(type, answer.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith(start, await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_is_not_at_this_machine_signs_in_first()
    {
        using var browser = await host.Browser();
        browser.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9");

        using var asked = await browser.GetAsync(new Uri("/inbox", UriKind.Relative), Cancellation);
        Assert.Equal("/sign-in?return=%2Finbox", asked.Headers.Location!.ToString());
        browser.DefaultRequestHeaders.Authorization = new("Bearer", await host.Token("owner"));
        using var seen = await browser.GetAsync(new Uri("/inbox/items", UriKind.Relative), Cancellation);
        Assert.True(seen.IsSuccessStatusCode);
    }

    private async Task<JsonElement> Add(HttpClient browser, Delivered delivered)
    {
        var inbox = (await host.Get()).Sandbox!.Server.Inbox;
        inbox.Add(delivered);
        // Tests beside this one add as well: the newest that looks like it.
        var items = await browser.GetFromJsonAsync<JsonElement>(new Uri("/inbox/items?after=0", UriKind.Relative), Cancellation);
        return items.EnumerateArray().Last(item =>
            Text(item, "to") == delivered.To && string.Equals(Text(item, "kind"), delivered.Receiver.ToString(), StringComparison.OrdinalIgnoreCase));
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string? Text(JsonElement item, string name) => item.TryGetProperty(name, out var value) ? value.GetString() : null;
}
