using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OrleansNotify.EndToEnd.Hosts;
using OrleansNotify.Sandbox;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd;

public sealed class FloodTests
{
    private const int MiB = 1 << 20;

    [Fact]
    public async Task A_flood_to_one_user_is_answered_with_429_that_names_the_user_and_spares_the_others()
    {
        await using var store = await HostStore.Start(StoreKind.Redis);
        await using var providers = await Providers.Start();
        await using var host = await HostProcess.Start(store.Environment().With(providers.Environment, s_oneAMinute));
        using HostApi api = new(host);
        await api.SetUser("ada", email: "ada@b.example");
        await api.SetUser("bob", chat: "1001");

        // Where the store is busy, a batch has requests at its end that were not taken in time.
        List<string?> flood = [];
        while (!flood.Contains("busy") && flood.Count < 10_000) flood.AddRange(await Batch(api, Enumerable.Repeat("ada", 600), "email"));
        Assert.InRange(flood.Count(status => status == "accepted"), 100, 501);
        Assert.All(flood, status => Assert.True(status is "accepted" or "busy" or "unavailable", status));

        using var http = Client(host);
        using var answer = await Ask(http, "one-more");
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Contains("user ada", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);

        await api.WaitFor("bob", await api.SendAlert("bob", "telegram"), "sent", TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_flood_of_requests_is_refused_in_part_and_takes_no_memory()
    {
        await using var store = await HostStore.Start(StoreKind.Redis);
        await using var providers = await Providers.Start();
        await using var host = await HostProcess.Start(store.Environment().With(providers.Environment));
        using HostApi api = new(host);
        await api.SetUser("ada", email: "ada@b.example");
        var before = MemoryOf(host);

        // The store is silent, so each request that is taken stays for four seconds; each body is as large as a batch may be.
        await store.Server.Stop();
        using var http = Client(host);
        var body = $"[{string.Join(',', Enumerable.Repeat(JsonSerializer.Serialize(HostApi.Alert("ada", "email", new string('k', 100))), 1000))}]".PadRight(7 * MiB);
        ConcurrentBag<(HttpStatusCode Status, bool SaysWhen)> answers = [];
        await Parallel.ForEachAsync(Enumerable.Range(0, 150), new ParallelOptions { MaxDegreeOfParallelism = 50 }, async (_, cancellation) =>
        {
            try
            {
                using StringContent content = new(body, System.Text.Encoding.UTF8, "application/json");
                using var answer = await http.PostAsync(new Uri("/api/v1/messages/batch", UriKind.Relative), content, cancellation);
                answers.Add((answer.StatusCode, answer.Headers.RetryAfter is not null));
            }
            catch (HttpRequestException)
            {
                // Refused before the body was read, and the connection closed under it.
                answers.Add((HttpStatusCode.ServiceUnavailable, true));
            }
        });
        // All of it comes from one caller, who has three quarters of what a host holds.
        Assert.Contains(answers, answer => answer.Status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests);
        Assert.All(answers, answer => Assert.True(
            answer is { Status: HttpStatusCode.OK } or { Status: HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests, SaysWhen: true }, $"{answer}"));
        Assert.InRange(MemoryOf(host) - before, long.MinValue, 500 * MiB);

        await store.Server.Continue();
        await Poll.Until(async () =>
        {
            using var answer = await Ask(http, "after");
            return answer.StatusCode == HttpStatusCode.Accepted;
        }, () => "receipt after the flood", TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_provider_that_takes_one_message_a_second_costs_the_host_no_memory()
    {
        await using var store = await HostStore.Start(StoreKind.Redis);
        await using var providers = await Providers.Start();
        await using var host = await HostProcess.Start(store.Environment().With(providers.Environment, HostEnvironment.Unlimited));
        using HostApi api = new(host);
        const int Users = 2000;
        await Parallel.ForEachAsync(Enumerable.Range(0, Users), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (user, _) =>
            await api.SetUser($"u-{user}", chat: $"{1000 + user}"));
        providers.Faults.Add(Receiver.Telegram, new Fault { Kind = FaultKind.Reply, Status = 429, RetryAfter = 1 }, times: 20_000);
        await Batch(api, Enumerable.Range(0, 100).Select(user => $"u-{user}"), "telegram");
        var before = MemoryOf(host);

        for (var batch = 0; batch < 10; batch++)
        {
            var statuses = await Batch(api, Enumerable.Range(0, 2 * Users / 10).Select(each => $"u-{((batch * 2 * Users / 10) + each) % Users}"), "telegram");
            Assert.All(statuses, status => Assert.True(status is "accepted" or "busy" or "unavailable", status));
        }

        Assert.InRange(MemoryOf(host) - before, long.MinValue, 250 * MiB);
        providers.Faults.Clear();
        await providers.WaitFor(Receiver.Telegram, "1000", TimeSpan.FromSeconds(60));
    }

    private static readonly Dictionary<string, string> s_oneAMinute = new() { ["RATE_LIMIT_EMAIL"] = "1/1m" };

    private static HttpClient Client(HostProcess host)
    {
        HttpClient http = new() { BaseAddress = new Uri(host.Url) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", HostProcess.Token);
        return http;
    }

    private static Task<HttpResponseMessage> Ask(HttpClient http, string key) => http.PostAsJsonAsync(
        new Uri("/api/v1/messages", UriKind.Relative), HostApi.Alert("ada", "email", key), TestContext.Current.CancellationToken);

    private static async Task<List<string?>> Batch(HostApi api, IEnumerable<string> users, string channel)
    {
        var receipts = await api.Ask(HttpMethod.Post, "/api/v1/messages/batch", users.Select((user, number) => HostApi.Alert(user, channel, $"{Guid.NewGuid()}-{number}")));
        return [.. receipts.EnumerateArray().Select(receipt => receipt.GetProperty("status").GetString())];
    }

    private static long MemoryOf(HostProcess host)
    {
        using var process = System.Diagnostics.Process.GetProcessById(host.Id);
        return process.WorkingSet64;
    }
}
