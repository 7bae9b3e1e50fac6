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

    /// <summary>Creates all users of the run, with an address for the channel alone.</summary>
    public Task CreateUsers(Func<int, Task<object>> device) => CreateUsers(Enumerable.Range(0, _settings.Users), device);

    /// <summary>Creates these users.</summary>
    public Task CreateUsers(IEnumerable<int> numbers, Func<int, Task<object>> device) => Each(numbers, async number =>
    {
        var user = $"/api/v1/users/{Recipient.UserId(number)}";
        if (_settings.Channel == Channel.Push) await Ask(HttpMethod.Post, $"{user}/push-subscriptions", await device(number));
        else if (_settings.Channel == Channel.Email) await Ask(HttpMethod.Put, user, new { email = Recipient.Email(number) });
        else await Ask(HttpMethod.Put, user, new { telegram_chat_id = Recipient.ChatId(number) });
    });

    /// <summary>Sends a message to each of these users, in batches; tells when each request was sent.</summary>
    public async Task Send(
        IEnumerable<int> numbers, Action<int, DateTimeOffset> sent, Priority lane = Priority.Transactional, DateTimeOffset? sendAt = null) =>
        await Each(numbers.Chunk(_settings.Batch), async batch =>
        {
            var at = TimeProvider.System.GetUtcNow();
            foreach (var number in batch) sent(number, at);
            var receipts = await Ask(HttpMethod.Post, "/api/v1/messages/batch", batch.Select(number => Message(number, lane, sendAt)));
            foreach (var receipt in receipts.EnumerateArray())
            {
                if (receipt.GetProperty("status").GetString() != (sendAt is null ? "accepted" : "deferred")) throw new InvalidOperationException($"Not accepted: {receipt}");
            }
        });

    /// <summary>Starts a campaign to the first users, and to as many more as the audience is to have.</summary>
    public async Task StartCampaign(int recipients)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllLinesAsync(file, Enumerable.Range(0, recipients).Select(number =>
            JsonSerializer.Serialize(new { user_id = Recipient.UserId(number), vars = Recipient.Vars })));
        await using FileStream lines = new(file, FileMode.Open, FileAccess.Read, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        using StreamContent content = new(lines) { Headers = { ContentType = new("application/x-ndjson") } };
        var channel = _settings.Channel.ToString().ToLowerInvariant();
        using var answer = await _http.PostAsync(
            new Uri($"/api/v1/campaigns?name=overtake&template_name=price_alert_triggered&channel={channel}", UriKind.Relative), content);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Sends one message by a request of its own.</summary>
    public Task SendOne(int number) => Ask(HttpMethod.Post, "/api/v1/messages", Message(number, Priority.Transactional, null));

    /// <summary>All that is known of a user's messages, newest first.</summary>
    public async Task<IReadOnlyList<JsonElement>> Messages(int number)
    {
        List<JsonElement> all = [];
        string? cursor = null;
        do
        {
            var page = await Ask(HttpMethod.Get, $"/api/v1/users/{Recipient.UserId(number)}/messages?limit=100{(cursor is null ? "" : "&cursor=" + cursor)}");
            all.AddRange(page.GetProperty("items").EnumerateArray());
            cursor = page.GetProperty("next_cursor").GetString();
        }
        while (cursor is not null);
        return all;
    }

    private object Message(int number, Priority lane, DateTimeOffset? sendAt) => new
    {
        user_id = Recipient.UserId(number),
        template_name = "price_alert_triggered",
        channel = _settings.Channel.ToString().ToLowerInvariant(),
        template_vars = Recipient.Vars,
        priority = lane.ToString().ToLowerInvariant(),
        send_at = sendAt,
    };

    private Task Each<T>(IEnumerable<T> items, Func<T, Task> act) =>
        Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = _settings.Callers }, async (item, _) => await act(item));

    private async Task<JsonElement> Ask(HttpMethod method, string path, object? body = null)
    {
        using HttpRequestMessage request = new(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await _http.SendAsync(request);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"{method} {path} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    public void Dispose() => _http.Dispose();
}
