using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using OrleansNotify.Sandbox;
using OrleansNotify.Tests.Cluster;

namespace OrleansNotify.Tests.Sandbox;

public sealed class SandboxServerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_three_receivers_listen_on_loopback_under_one_inbox()
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), TimeProvider.System);

        Assert.True(sandbox.SmtpPort > 0);
        Assert.All(new[] { sandbox.BotApiUrl, sandbox.PushUrl }, url => Assert.Equal("127.0.0.1", new Uri(url).Host));
        Assert.Equal(sandbox.PushUrl, sandbox.Push.Origin);
        Assert.Same(sandbox.Smtp.Inbox, sandbox.Inbox);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_said_and_nothing_stays_behind()
    {
        await using var first = await SandboxServer.StartAsync(new SandboxOptions(), TimeProvider.System);
        SandboxOptions same = new() { HttpPort = new Uri(first.HttpUrl).Port };

        await Assert.ThrowsAsync<IOException>(() => SandboxServer.StartAsync(same, TimeProvider.System));

        await first.DisposeAsync();
        await using var second = await SandboxServer.StartAsync(same, TimeProvider.System);
        Assert.Equal(first.HttpUrl, second.HttpUrl);
    }

    [Fact]
    public async Task What_hangs_is_cut_at_the_end()
    {
        var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), TimeProvider.System);
        sandbox.Faults.Add(Receiver.Telegram, new OrleansNotify.Sandbox.Fault { Kind = FaultKind.Hang });
        using HttpClient http = new(new SocketsHttpHandler { Expect100ContinueTimeout = Timeout.InfiniteTimeSpan });
        using HttpRequestMessage request = new(HttpMethod.Post, $"{sandbox.BotApiUrl}/bot{sandbox.BotToken}/sendMessage");
        // Only once the Bot API reads the body is it asked for.
        using AskedContent body = new("""{"chat_id":7,"text":"x"}"""u8.ToArray());
        (request.Content, request.Headers.ExpectContinue) = (body, true);

        var hanging = http.SendAsync(request, Cancellation);
        await body.Asked.WaitAsync(Cancellation);
        await sandbox.DisposeAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => hanging);
        Assert.Empty(sandbox.Inbox.Items);
    }

    private sealed class AskedContent : HttpContent
    {
        private readonly byte[] _body;
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public AskedContent(byte[] body)
        {
            _body = body;
            Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        public Task Asked => _asked.Task;

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            _asked.SetResult();
            return stream.WriteAsync(_body).AsTask();
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _body.Length;
            return true;
        }
    }

    [Fact]
    public async Task A_delay_is_waited_on_the_clock_that_was_given()
    {
        FakeTimeProvider clock = new();
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), clock);
        sandbox.Faults.Add(Receiver.Telegram, new OrleansNotify.Sandbox.Fault { Kind = FaultKind.Delay, Delay = TimeSpan.FromHours(1) });
        using HttpClient http = new();

        var slow = http.PostAsJsonAsync(new Uri($"{sandbox.BotApiUrl}/bot{sandbox.BotToken}/sendMessage"), new { chat_id = 7, text = "x" }, Cancellation);
        await Eventually.True(() =>
        {
            clock.Advance(TimeSpan.FromMinutes(30));
            return slow.IsCompleted;
        });

        Assert.Equal(HttpStatusCode.OK, (await slow).StatusCode);
    }

    [Fact]
    public async Task The_bot_api_takes_arguments_as_JSON_form_and_query_and_methods_in_any_case()
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), TimeProvider.System);
        using HttpClient http = new() { BaseAddress = new Uri($"{sandbox.BotApiUrl}/bot{sandbox.BotToken}/") };

        using FormUrlEncodedContent form = new(new Dictionary<string, string> { ["chat_id"] = "-100", ["text"] = "*f*", ["parse_mode"] = "markdownv2" });
        using var byForm = await http.PostAsync(new Uri("SENDMESSAGE", UriKind.Relative), form, Cancellation);
        using var byQuery = await http.GetAsync(new Uri("sendmessage?chat_id=7&text=q", UriKind.Relative), Cancellation);
        using var byJson = await http.PostAsJsonAsync("sendMessage", new { chat_id = 7, text = "j." }, Cancellation);

        Assert.Equal([("-100", "f"), ("7", "q"), ("7", "j.")], sandbox.Inbox.Items.Cast<DeliveredTelegram>().Select(item => (item.To, item.PlainText)));
        var sent = (await byForm.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("result");
        Assert.Equal((1, -100, "group", "f"), (
            sent.GetProperty("message_id").GetInt32(), sent.GetProperty("chat").GetProperty("id").GetInt32(),
            sent.GetProperty("chat").GetProperty("type").GetString(), sent.GetProperty("text").GetString()));
        Assert.True((await http.GetFromJsonAsync<JsonElement>("getMe", Cancellation)).GetProperty("result").GetProperty("is_bot").GetBoolean());
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(new Uri("getUpdates", UriKind.Relative), Cancellation)).StatusCode);
        using StringContent broken = new("[", null, "application/json");
        Assert.Equal(HttpStatusCode.BadRequest, (await http.PostAsync(new Uri("sendMessage", UriKind.Relative), broken, Cancellation)).StatusCode);
    }

    [Fact]
    public async Task For_a_load_test_nothing_is_read_but_all_is_counted()
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { CountOnly = true, InboxCapacity = 1 }, TimeProvider.System);
        using HttpClient http = new();

        for (var i = 0; i < 3; i++)
        {
            using var answer = await http.PostAsJsonAsync(
                new Uri($"{sandbox.BotApiUrl}/bot{sandbox.BotToken}/sendMessage"), new { chat_id = i % 2, text = "*broken", parse_mode = "MarkdownV2" }, Cancellation);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.Single(sandbox.Inbox.Items);
        Assert.Equal((3, 1), (sandbox.Inbox.Counters.Of(Receiver.Telegram).Total, sandbox.Inbox.Counters.Of(Receiver.Telegram).Duplicates));
    }
}
