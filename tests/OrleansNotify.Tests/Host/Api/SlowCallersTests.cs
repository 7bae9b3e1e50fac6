using System.Net.Sockets;
using System.Text;
using OrleansNotify.Host.Api.Input;
using OrleansNotify.Host.Auth;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.Tests.Host.Api;

/// <summary>Who sends slowly keeps nobody else waiting, and not himself for long.</summary>
public sealed class SlowCallersTests : IAsyncDisposable
{
    private const int Sockets = 68;

    private readonly List<TcpClient> _clients = [];

    [Theory]
    [InlineData(Roles.User, "PUT", "/api/v1/users/slow", 16_000, Admission.OfOnePerson, 10)]
    [InlineData(Roles.User, "PUT", "/api/v1/users/slow/preferences", 250_000, Admission.OfOnePerson, 11)]
    [InlineData(Roles.Service, "POST", "/api/v1/messages", 1 << 20, Sockets, 16)]
    [InlineData(Roles.Service, "POST", "/api/v1/messages/batch", 8 << 20, Sockets, 61)]
    public async Task Bodies_that_drip_hold_their_callers_share_alone_and_end_after_seconds(
        string role, string method, string path, int length, int taken, int seconds)
    {
        await using var api = await ApiHost.Start();
        var head = $"{method} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {api.Token(role, "slow")}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n";
        List<Task<string>> answers = [];
        for (var at = 0; at < Sockets; at++) answers.Add(await Begin(api, head + "{\"a\":"));

        // Those beyond the caller's share are told so at once; the others drip on.
        var refused = answers.ToList();
        while (refused.Count(answer => answer.IsCompleted) < Sockets - taken)
            await (await Task.WhenAny(refused.Where(answer => !answer.IsCompleted))).WaitAsync(TestContext.Current.CancellationToken);
        foreach (var answer in answers.Where(answer => answer.IsCompleted)) Assert.StartsWith("HTTP/1.1 429 ", await answer, StringComparison.Ordinal);
        foreach (var client in _clients.Zip(answers).Where(each => !each.Second.IsCompleted).Select(each => each.First)) await client.GetStream().WriteAsync(new byte[300], TestContext.Current.CancellationToken);

        Assert.Equal(202, (await api.Ask("POST", "/api/v1/messages", """{"user_id":"u","template_name":"t"}""", Roles.Service)).Code);
        (await api.Ask("GET", "/api/v1/users/other", token: api.Token(Roles.User, "other"))).IsProblem(404);

        var time = TimeSpan.FromSeconds(seconds);
        await Poll.Until(() => Task.FromResult(api.Clock.TimersOf(time) >= taken), () => $"{taken} bodies that are waited for", TimeSpan.FromMinutes(1));
        api.Clock.Advance(time);
        foreach (var answer in answers)
        {
            var text = await answer.WaitAsync(TestContext.Current.CancellationToken);
            if (!text.StartsWith("HTTP/1.1 429 ", StringComparison.Ordinal)) Assert.StartsWith("HTTP/1.1 408 ", text, StringComparison.Ordinal);
            Assert.Contains("\r\nConnection: close\r\n", text, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Equal(taken, answers.Count(answer => answer.Result.StartsWith("HTTP/1.1 408 ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("GET /api/v1/push/public-key HTTP/1.1\r\nHost: x\r\nX: ")]
    [InlineData("PO")]
    [InlineData("POST /unsubscribe/x HTTP/1.1\r\nHost: x\r\nContent-Length: 4000\r\n\r\nList-")]
    public async Task Who_sends_half_a_request_without_a_token_holds_nobody_up(string begun)
    {
        await using var api = await ApiHost.Start();
        for (var at = 0; at < Sockets; at++) await Begin(api, begun);
        Assert.Equal(202, (await api.Ask("POST", "/api/v1/messages", """{"user_id":"u","template_name":"t"}""", Roles.Service)).Code);
    }

    [Fact]
    public async Task Who_has_no_token_is_answered_before_his_body_comes()
    {
        await using var api = await ApiHost.Start();
        var answer = await Begin(api, "POST /api/v1/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{", lines: 1);
        Assert.Equal("HTTP/1.1 401 Unauthorized", await answer.WaitAsync(TestContext.Current.CancellationToken));
    }

    public ValueTask DisposeAsync()
    {
        foreach (var client in _clients) client.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<Task<string>> Begin(ApiHost api, string text, int lines = 0)
    {
        TcpClient client = new();
        _clients.Add(client);
        await client.ConnectAsync("127.0.0.1", api.Http.BaseAddress!.Port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), TestContext.Current.CancellationToken);
        return Read(client.GetStream(), lines);
    }

    // The whole answer, or its first line. A connection that is closed under what is still sent may end with a reset.
    private static async Task<string> Read(NetworkStream stream, int lines)
    {
        using StreamReader reader = new(stream, leaveOpen: true);
        if (lines == 1) return await reader.ReadLineAsync(TestContext.Current.CancellationToken) ?? "";
        StringBuilder answer = new();
        try
        {
            while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line) answer.Append(line).Append("\r\n");
        }
        catch (IOException)
        {
        }

        return answer.ToString();
    }
}
