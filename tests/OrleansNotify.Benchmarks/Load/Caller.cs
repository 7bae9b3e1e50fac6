using System.Net.Http.Json;
using System.Text.Json;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.Benchmarks.Load;

/// <summary>A program that uses the host's HTTP API.</summary>
internal sealed class Caller : IDisposable
{
    private readonly HttpClient _http;
    private readonly LoadSettings _settings;

    public Caller(HostProcess host, LoadSettings settings)
    {
        _settings = settings;
        _http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = settings.Callers }) { BaseAddress = new Uri(host.Url) };
        _http.DefaultRequestHeaders.Authorization = new("Bearer", HostProcess.Token);
    }

    /// <summary>Creates the users, with an address for the channel alone.</summary>
    public Task CreateUsers(Func<int, Task<object>> device) => Each(Enumerable.Range(0, _settings.Users), async number =>
    {
        var user = $"/api/v1/users/{Recipient.UserId(number)}";
        if (_settings.Channel == Channel.Push) await Ask(HttpMethod.Post, $"{user}/push-subscriptions", await device(number));
        else if (_settings.Channel == Channel.Email) await Ask(HttpMethod.Put, user, new { email = Recipient.Email(number) });
        else await Ask(HttpMethod.Put, user, new { telegram_chat_id = Recipient.ChatId(number) });
    });

    /// <summary>Sends a message to each of these users, in batches; tells when each request was sent.</summary>
    public async Task Send(IEnumerable<int> numbers, Action<int, DateTimeOffset> sent) =>
        await Each(numbers.Chunk(_settings.Batch), async batch =>
        {
            var at = TimeProvider.System.GetUtcNow();
            foreach (var number in batch) sent(number, at);
            var receipts = await Ask(HttpMethod.Post, "/api/v1/messages/batch", batch.Select(Message));
            foreach (var receipt in receipts.EnumerateArray())
            {
                if (receipt.GetProperty("status").GetString() != "accepted") throw new InvalidOperationException($"Not accepted: {receipt}");
            }
        });

    /// <summary>Sends one message by a request of its own.</summary>
    public Task SendOne(int number) => Ask(HttpMethod.Post, "/api/v1/messages", Message(number));

    private object Message(int number) => new
    {
        user_id = Recipient.UserId(number),
        template_name = "price_alert_triggered",
        channel = _settings.Channel.ToString().ToLowerInvariant(),
        template_vars = Recipient.Vars,
    };

    private Task Each<T>(IEnumerable<T> items, Func<T, Task> act) =>
        Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = _settings.Callers }, async (item, _) => await act(item));

    private async Task<JsonElement> Ask(HttpMethod method, string path, object body)
    {
        using HttpRequestMessage request = new(method, path) { Content = JsonContent.Create(body) };
        using var answer = await _http.SendAsync(request);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"{method} {path} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    public void Dispose() => _http.Dispose();
}
