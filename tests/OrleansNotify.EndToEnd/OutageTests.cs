using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using OrleansNotify.EndToEnd.Hosts;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd;

public sealed class OutageTests
{
    private const int Requests = 40;

    private static readonly TimeSpan s_atMost = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task While_Redis_is_silent_or_gone_requests_are_answered_with_503_within_five_seconds(bool gone)
    {
        Needs.Program("redis-server");
        await using var store = await HostStore.Start(StoreKind.Redis);
        await using var providers = await Providers.Start();
        await using var host = await HostProcess.Start(store.Environment().With(providers.Environment));
        using HostApi api = new(host);
        for (var user = 0; user < Requests / 2; user++) await api.SetUser($"u-{user}", email: $"u-{user}@b.example");

        await (gone ? store.Server.Kill() : store.Server.Stop());
        // The half of the users is awake, the other half unknown; a host that has been called is ready to be measured.
        var answers = await Task.WhenAll(Enumerable.Range(0, Requests).Select(number => Ask(host, $"u-{number}", number)));
        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.ServiceUnavailable, true), (answer.Status, answer.SaysWhen)));
        Assert.True(answers.Max(answer => answer.After) < s_atMost, $"the slowest took {answers.Max(answer => answer.After)}");

        await host.WaitForLine(
            line => Regex.IsMatch(line, "HTTP: (POST|GET) /api/v1/.* was answered as unavailable"), "the request that was unavailable", TimeSpan.FromSeconds(10));

        await (gone ? store.Server.Restart() : store.Server.Continue());
        await Poll.Until(
            // The one that was not answered may have been stored: then this one is a duplicate.
            async () => (await Ask(host, "u-0", 0)).Status is HttpStatusCode.Accepted or HttpStatusCode.OK, () => "receipt after the outage", TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData("full", "memory is full", "CONFIG SET maxmemory 1", "CONFIG SET maxmemory 0")]
    [InlineData("read_only", "read-only replica", "REPLICAOF 127.0.0.1 1", "REPLICAOF NO ONE")]
    public async Task A_store_that_takes_no_writes_makes_a_host_unready_and_is_told_by_name(string word, string told, string fault, string mended)
    {
        Needs.Program("redis-server");
        await using var store = await HostStore.Start(StoreKind.Redis);
        await using var providers = await Providers.Start();
        await using var host = await HostProcess.Start(store.Environment().With(providers.Environment));
        using HostApi api = new(host);
        await api.SetUser("ann", email: "ann@b.example");
        Assert.Contains("store_writable 1", await api.GetText("/metrics"), StringComparison.Ordinal);

        await store.Server.Tell(fault);
        await Poll.Until(async () => await Store(host) == (HttpStatusCode.ServiceUnavailable, word), () => $"store that is {word}", TimeSpan.FromSeconds(20));
        var refused = await api.Ask(HttpMethod.Post, "/api/v1/messages", HostApi.Alert("ann", "email", key: null), HttpStatusCode.ServiceUnavailable);
        Assert.Contains(told, refused.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Matches($"requests_refused_total\\{{reason=\"store_{word}\"\\}} [1-9]", await api.GetText("/metrics"));
        await Poll.Until(async () => (await api.GetText("/metrics")).Contains("store_writable 0", StringComparison.Ordinal), () => "store that is not writable", TimeSpan.FromSeconds(10));
        await host.WaitForLine(line => line.Contains(told, StringComparison.Ordinal) && line.Contains(" ERROR ", StringComparison.Ordinal), "what ails the store", TimeSpan.FromSeconds(10));

        await store.Server.Tell(mended);
        await Poll.Until(async () => await Store(host) == (HttpStatusCode.OK, "ok"), () => "store that is well", TimeSpan.FromSeconds(20));
        await host.WaitForLine(line => line.Contains("The store takes writes again", StringComparison.Ordinal), "that it is over", TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task An_outage_of_the_store_is_a_line_of_each_kind_and_then_a_count()
    {
        Needs.Program("redis-server");
        await using var store = await HostStore.Start(StoreKind.Redis);
        await using var providers = await Providers.Start();
        await using var host = await HostProcess.Start(store.Environment().With(providers.Environment));

        await store.Server.Kill();
        // 64 shards of the agenda ask once a second each.
        await host.WaitForLine(line => Regex.IsMatch(line, @"Agenda shard .* \(the last of \d{3,} such lines\)"), "how often the agenda was not read", TimeSpan.FromSeconds(40));

        Assert.InRange(host.Output.Split('\n').Count(line => line.Contains("Agenda shard", StringComparison.Ordinal)), 2, 3);
        Assert.InRange(host.Output.Split('\n').Count(line => line.Contains(" WARN ", StringComparison.Ordinal)), 2, 60);
        await store.Server.Restart();
    }

    private static async Task<(HttpStatusCode Status, string? Store)> Store(HostProcess host)
    {
        using HttpClient http = new();
        using var answer = await http.GetAsync(new Uri($"{host.Url}/readyz"));
        return (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>()).GetProperty("store").GetString());
    }

    [Fact]
    public async Task A_host_that_is_told_to_stop_while_Redis_is_silent_ends_in_time_all_the_same()
    {
        Needs.Program("redis-server");
        await using var store = await HostStore.Start(StoreKind.Redis);
        await using var providers = await Providers.Start();
        await using var host = await HostProcess.Start(store.Environment().With(providers.Environment));
        using HostApi api = new(host);
        await api.SetUser("ann", email: "ann@b.example");

        await store.Server.Stop();
        // Its silo would go on asking for two minutes.
        Assert.Equal(0, await host.Terminate(TimeSpan.FromSeconds(60)));
        Assert.Contains("Not everything came to its end before the stop", host.Output, StringComparison.Ordinal);
        await store.Server.Continue();
    }

    private static async Task<(HttpStatusCode Status, bool SaysWhen, TimeSpan After)> Ask(HostProcess host, string user, int number)
    {
        using HttpClient http = new() { BaseAddress = new Uri(host.Url) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", HostProcess.Token);
        var began = TimeProvider.System.GetTimestamp();
        using var answer = number % 4 == 3
            ? await http.GetAsync(new Uri($"/api/v1/users/{user}/messages", UriKind.Relative))
            : await http.PostAsJsonAsync(new Uri("/api/v1/messages", UriKind.Relative), HostApi.Alert(user, "email", key: $"key-{number}"));
        return (answer.StatusCode, answer.Headers.RetryAfter is not null, TimeProvider.System.GetElapsedTime(began));
    }
}
