using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OrleansNotify.Tests.Described;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd.Hosts;

/// <summary>A host's HTTP API, as a program in any language would use it: nothing of our own types.</summary>
internal sealed class HostApi : IDisposable
{
    private readonly HttpClient _http;

    public HostApi(HostProcess host)
    {
        _http = new HttpClient(new DescribedAnswers(new SocketsHttpHandler { AllowAutoRedirect = false })) { BaseAddress = new Uri(host.Url) };
        _http.DefaultRequestHeaders.Authorization = new("Bearer", HostProcess.Token);
    }

    public async Task<string> GetText(string path) => await _http.GetStringAsync(new Uri(path, UriKind.Relative));

    /// <summary>Asks, and takes any answer.</summary>
    public Task<HttpResponseMessage> Send(HttpMethod method, string path, object? body = null) =>
        _http.SendAsync(new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) });

    /// <summary>Asks, and takes no answer but the expected one.</summary>
    public async Task<JsonElement> Ask(HttpMethod method, string path, object? body = null, HttpStatusCode expect = HttpStatusCode.OK)
    {
        using HttpRequestMessage request = new(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await _http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        if (answer.StatusCode != expect) Assert.Fail($"{method} {path} answered {(int)answer.StatusCode}: {text}");
        return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>Sets a user's addresses.</summary>
    public Task<JsonElement> SetUser(string id, string? email = null, string? chat = null) =>
        Ask(HttpMethod.Put, $"/api/v1/users/{id}", new { email, telegram_chat_id = chat, locale = "en" });

    /// <summary>Sends a price alert; the answer is the message's id.</summary>
    public async Task<string> SendAlert(string user, string channel, bool fallback = true)
    {
        var receipt = await Ask(HttpMethod.Post, "/api/v1/messages", Alert(user, channel, key: null, fallback), HttpStatusCode.Accepted);
        Assert.Equal("accepted", receipt.GetProperty("status").GetString());
        return receipt.GetProperty("message_id").GetString()!;
    }

    /// <summary>The body that asks for a price alert.</summary>
    public static object Alert(string user, string channel, string? key, bool fallback = true) => new
    {
        user_id = user,
        template_name = "price_alert_triggered",
        channel,
        fallback,
        idempotency_key = key,
        template_vars = new { instrument = "EURUSD", trigger_price = 1.1, current_price = 1.2, condition = "above" },
    };

    /// <summary>A message with its timeline.</summary>
    public Task<JsonElement> Message(string user, string id) => Ask(HttpMethod.Get, $"/api/v1/users/{user}/messages/{id}");

    /// <summary>Waits until a message has a status; the answer is the message.</summary>
    public async Task<JsonElement> WaitFor(string user, string id, string status, TimeSpan atMost)
    {
        JsonElement message = default;
        await Poll.Until(async () =>
        {
            message = await Message(user, id);
            return message.GetProperty("status").GetString() == status;
        }, () => $"message {id} that is {status}; it is {message}", atMost);
        return message;
    }

    public void Dispose() => _http.Dispose();
}
