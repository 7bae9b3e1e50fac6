using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OrleansNotify.Sandbox;

namespace OrleansNotify.Tests.Sandbox;

public sealed class BotApiTests : IAsyncLifetime
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private SandboxServer _sandbox = null!;

    public async ValueTask InitializeAsync() => _sandbox = await SandboxServer.StartAsync(new SandboxOptions(), TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _sandbox.DisposeAsync();
    }

    /// <summary>Texts that the Bot API takes or refuses, by the rules of its MarkdownV2 parser.</summary>
    public static TheoryData<string, string?, string> Texts => new()
    {
        { "plain", "plain", "plain" },
        { @"1\.5 \- 2\!", "1.5 - 2!", "escaped reserved characters" },
        { "*bold* _italic_ __under__ ~gone~ ||secret||", "bold italic under gone secret", "each kind of markup" },
        { "*bold _both_*", "bold both", "nested" },
        { "`a.b!` and ```\nx = 1\n```", "a.b! and x = 1\n", "no escapes needed in code" },
        { @"[a\.b](https://e.example/x\)y)", "a.b", "a link" },
        { ">quote\n>more", "quote\nmore", "a block quote at the start of a line" },
        { "1.5", null, "a reserved dot" },
        { "a-b", null, "a reserved dash" },
        { "wow!", null, "a reserved exclamation mark" },
        { "a > b", null, "a quote mark inside a line" },
        { "*open", null, "an end is missing" },
        { "_a *b_ c*", null, "wrongly nested" },
        { "[text](https://e.example", null, "an address without its end" },
        { "a]", null, "a bracket alone" },
        { "`code", null, "code without its end" },
        { "{x}", null, "reserved braces" },
        { "#1", null, "a reserved hash" },
        { "a=b", null, "a reserved equals sign" },
        { "a|b", null, "a reserved bar" },
    };

    [Theory, MemberData(nameof(Texts))]
    public async Task A_text_is_taken_or_refused_as_by_the_real_one(string text, string? plain, string why)
    {
        var (status, answer) = await Send(new { chat_id = "424242", text, parse_mode = "MarkdownV2" });

        Assert.True((plain is null ? HttpStatusCode.BadRequest : HttpStatusCode.OK) == status, $"{why}: {answer}");
        if (plain is null) Assert.StartsWith("Bad Request: can't parse entities", answer.GetProperty("description").GetString());
        else Assert.Equal(plain.TrimEnd(), Assert.IsType<DeliveredTelegram>(Assert.Single(_sandbox.Inbox.Items)).PlainText.TrimEnd());
    }

    [Fact]
    public async Task Formatting_is_shown_and_values_stay_text()
    {
        await Send(new { chat_id = "424242", text = "*loss* <b\\>&", parse_mode = "MarkdownV2" });
        var html = Assert.IsType<DeliveredTelegram>(Assert.Single(_sandbox.Inbox.Items)).Html;
        Assert.Contains("&lt;b&gt;&amp;", html, StringComparison.Ordinal);
        Assert.Matches("<(b|strong)>loss</(b|strong)>", html);
    }

    [Theory]
    [InlineData("bot1:wrong", 401), InlineData("nothing", 404)]
    public async Task A_wrong_token_or_path_is_refused(string bot, int status)
    {
        var response = await _http.PostAsJsonAsync($"{_sandbox.BotApiUrl}/{bot}/sendMessage", new { }, TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("", "Bad Request: chat_id is empty"), InlineData("abc", "Bad Request: chat not found")]
    public async Task A_chat_that_is_none_is_not_found(string chat, string description)
    {
        var (status, answer) = await Send(new { chat_id = chat, text = "x" });
        Assert.Equal((HttpStatusCode.BadRequest, description), (status, answer.GetProperty("description").GetString()));
    }

    [Fact]
    public async Task It_says_when_to_come_back()
    {
        _sandbox.Faults.Add(Receiver.Telegram, new Fault { Kind = FaultKind.Reply, Status = 429, RetryAfter = 7 });
        var (status, answer) = await Send(new { chat_id = "1", text = "x" });
        Assert.Equal(HttpStatusCode.TooManyRequests, status);
        Assert.Equal(7, answer.GetProperty("parameters").GetProperty("retry_after").GetInt32());
        Assert.Equal(HttpStatusCode.OK, (await Send(new { chat_id = "1", text = "x" })).Status);
    }

    [Fact]
    public async Task A_text_that_is_too_long_is_refused()
    {
        var (status, answer) = await Send(new { chat_id = "1", text = new string('x', 4097) });
        Assert.Equal((HttpStatusCode.BadRequest, "Bad Request: message is too long"), (status, answer.GetProperty("description").GetString()));
    }

    private async Task<(HttpStatusCode Status, JsonElement Answer)> Send(object body)
    {
        var response = await _http.PostAsJsonAsync($"{_sandbox.BotApiUrl}/bot{_sandbox.BotToken}/sendMessage", body, TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken));
    }
}
