using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansNotify.Host.Api.Json;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd.Faults;

/// <summary>
/// Programs that use the cluster: over HTTP by way of any host, as behind a load balancer, and as a silo client. They ask again, with the
/// same key, on 429, 503 and a lost connection, and on nothing else.
/// </summary>
internal sealed class Callers : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3), s_atMost = TimeSpan.FromSeconds(12), s_again = TimeSpan.FromMilliseconds(750);

    private readonly FaultCluster _cluster;
    private readonly FaultNotes _notes;
    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2) }) { Timeout = s_atMost };

    public Callers(FaultCluster cluster, FaultNotes notes)
    {
        (_cluster, _notes) = (cluster, notes);
        _http.DefaultRequestHeaders.Authorization = new("Bearer", HostProcess.Token);
    }

    /// <summary>Asks until there is an answer that is one.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Json)> Ask(HttpMethod method, string path, object? body, params HttpStatusCode[] others)
    {
        (HttpStatusCode, JsonElement)? answer = null;
        await Poll.Until(async () =>
        {
            answer = await AskOnce(method, path, body, others);
            return answer is not null;
        }, () => $"answer to {method} {path}", s_patience, s_again);
        return answer!.Value;
    }

    private async Task<(HttpStatusCode, JsonElement)?> AskOnce(HttpMethod method, string path, object? body, HttpStatusCode[] others)
    {
        var up = _cluster.Hosts.Where(host => host.Url is not null).ToList();
        if (up.Count == 0) return null;
        var host = up[Random.Shared.Next(up.Count)];
        var (incidents, frozen) = (host.Incidents, host.IsFrozen);
        var began = TimeProvider.System.GetTimestamp();
        try
        {
            if (host.Url is not { } url) return null;
            using HttpRequestMessage request = new(method, url + path) { Content = body is null ? null : JsonContent.Create(body, options: NotifyJson.Options) };
            using var answer = await _http.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            var undisturbed = !frozen && !host.IsFrozen && incidents == host.Incidents;
            _notes.Answered($"{(int)answer.StatusCode}", TimeProvider.System.GetElapsedTime(began), undisturbed ? host.Name : null);
            if (answer.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests)
            {
                if (answer.Headers.RetryAfter is null) _notes.Complain($"{(int)answer.StatusCode} without Retry-After: {text}");
                return null;
            }

            if (answer.StatusCode >= HttpStatusCode.InternalServerError)
            {
                _notes.Complain($"{host.Name}: {method} {path} answered {(int)answer.StatusCode}: {text}");
                return null;
            }

            if (!answer.IsSuccessStatusCode && !others.Contains(answer.StatusCode)) _notes.Complain($"{method} {path} answered {(int)answer.StatusCode}: {text}");
            return (answer.StatusCode, text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text));
        }
        catch (HttpRequestException)
        {
            _notes.Answered("connection lost", default, null);
            return null;
        }
        catch (TaskCanceledException)
        {
            _notes.Answered("no answer", default, null);
            if (!frozen && !host.IsFrozen && incidents == host.Incidents) _notes.Complain($"{host.Name} did not answer {method} {path} within {s_atMost.TotalSeconds} s");
            return null;
        }
    }

    /// <summary>Asks for one message over HTTP.</summary>
    public async Task Send(Asked asked)
    {
        var request = asked.Request(TimeProvider.System.GetUtcNow());
        asked.Receipt = (await Ask(HttpMethod.Post, "/api/v1/messages", Body(asked, request))).Json.Deserialize<Receipt>(NotifyJson.Options);
    }

    /// <summary>Asks for several in one request, and again for those that had no receipt.</summary>
    public async Task SendBatch(IReadOnlyList<Asked> batch)
    {
        var requests = batch.ToDictionary(asked => asked, asked => asked.Request(TimeProvider.System.GetUtcNow()));
        var open = batch;
        await Poll.Until(async () =>
        {
            var answer = await Ask(HttpMethod.Post, "/api/v1/messages/batch", open.Select(asked => Body(asked, requests[asked])));
            var receipts = answer.Json.Deserialize<Receipt[]>(NotifyJson.Options)!;
            foreach (var (asked, receipt) in open.Zip(receipts)) asked.Receipt = receipt;
            open = [.. open.Where(asked => asked.Receipt!.Status is ReceiptStatus.Busy or ReceiptStatus.Unavailable)];
            return open.Count == 0;
        }, () => "receipt for each of a batch", s_patience, s_again);
    }

    /// <summary>Asks for one message as a silo client.</summary>
    public async Task SendAsClient(Asked asked)
    {
        var request = asked.Request(TimeProvider.System.GetUtcNow());
        var user = _cluster.Client!.GetGrain<IUserGrain>(asked.User);
        await Poll.Until(async () =>
        {
            try
            {
                var receipt = await user.Send(request).WaitAsync(s_atMost);
                _notes.Answered($"client {receipt.Status}", default, null);
                if (receipt.Status is not (ReceiptStatus.Busy or ReceiptStatus.Unavailable)) asked.Receipt = receipt;
            }
            catch (Exception fault)
            {
                _notes.Answered($"client {fault.GetType().Name}", default, null);
            }

            return asked.Receipt is not null;
        }, () => $"receipt of {asked.User}'s grain", s_patience, s_again);
    }

    // The body as any program would write it: the request's fields, and the user's id beside them.
    private static JsonObject Body(Asked asked, SendRequest request)
    {
        var body = JsonSerializer.SerializeToNode(request, NotifyJson.Options)!.AsObject();
        body["user_id"] = asked.User;
        return body;
    }

    public void Dispose() => _http.Dispose();
}
