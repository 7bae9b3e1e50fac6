using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using OrleansNotify.EndToEnd.Hosts;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd;

public sealed class RollingStopTests
{
    private const int Users = 20, Callers = 6;

    [Fact]
    public async Task Whoever_asks_hosts_that_are_ready_sees_no_refusal_while_they_are_stopped_one_after_another()
    {
        await using var store = await HostStore.Start(StoreKind.Redis);
        await using var providers = await Providers.Start();
        var environments = Enumerable.Range(0, 2).Select(_ => store.Environment().With(providers.Environment, HostEnvironment.Unlimited, new() { ["NOTIFY_DRAIN_SECONDS"] = "3" })).ToArray();
        List<HostProcess> hosts = [await HostProcess.Start(environments[0]), await HostProcess.Start(environments[1])];
        using HostApi api = new(hosts[0]);
        for (var user = 0; user < Users; user++) await api.SetUser($"u-{user}", email: $"u-{user}@b.example");

        await using Router router = new(hosts.Select(host => host.Url));
        await using (Calls calls = new(router))
        {
            for (var host = 0; host < hosts.Count; host++)
            {
                await calls.More(50);
                Assert.Equal(0, await hosts[host].Terminate(TimeSpan.FromSeconds(40)));
                await calls.More(50);
                await hosts[host].DisposeAsync();
                hosts[host] = await HostProcess.Start(environments[host]);
                router.Add(hosts[host].Url);
            }

            await calls.More(50);
            Assert.True(calls.Refused.IsEmpty, string.Join('\n', calls.Refused) + string.Concat(hosts.Select(host => "\n== " + host.Output)));
        }

        foreach (var host in hosts) await host.DisposeAsync();
    }

    /// <summary>A router as there are many: it asks each host whether it is ready, and sends requests to those that were.</summary>
    private sealed class Router : IAsyncDisposable
    {
        // As a probe of every second would see it, and react at once.
        private static readonly TimeSpan s_every = TimeSpan.FromSeconds(1);

        private readonly ConcurrentDictionary<string, bool> _ready = new();
        private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = Timeout.InfiniteTimeSpan });
        private readonly CancellationTokenSource _end = new();
        private readonly Task _watching;
        private int _turn;

        public Router(IEnumerable<string> urls)
        {
            foreach (var url in urls) _ready[url] = true;
            _http.DefaultRequestHeaders.Authorization = new("Bearer", HostProcess.Token);
            _watching = Watch();
        }

        public void Add(string url) => _ready[url] = true;

        public async Task<HttpResponseMessage> Send(int number)
        {
            var urls = _ready.Where(host => host.Value).Select(host => host.Key).Order(StringComparer.Ordinal).ToArray();
            var url = urls[Interlocked.Increment(ref _turn) % urls.Length];
            return number % 10 > 0
                ? await _http.GetAsync(new Uri($"{url}/api/v1/users/u-{number % Users}"))
                : await _http.PostAsJsonAsync(new Uri($"{url}/api/v1/messages"), HostApi.Alert($"u-{number % Users}", "email", key: $"key-{number}"));
        }

        private async Task Watch()
        {
            using PeriodicTimer timer = new(s_every);
            do
            {
                foreach (var url in _ready.Keys)
                {
                    try
                    {
                        using var answer = await _http.GetAsync(new Uri($"{url}/readyz"), _end.Token);
                        _ready[url] = answer.IsSuccessStatusCode;
                    }
                    catch (HttpRequestException)
                    {
                        _ready.TryRemove(url, out _);
                    }
                    catch (OperationCanceledException)
                    {
                        return;
                    }
                }
            }
            while (await timer.WaitForNextTickAsync(CancellationToken.None));
        }

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            await _watching;
            _http.Dispose();
            _end.Dispose();
        }
    }

    /// <summary>Callers that ask all the time, each the next thing when it is answered.</summary>
    private sealed class Calls : IAsyncDisposable
    {
        private readonly Task[] _callers;
        private volatile bool _over;
        private int _asked;

        public Calls(Router router) => _callers = [.. Enumerable.Range(0, Callers).Select(_ => Task.Run(() => Ask(router)))];

        public ConcurrentQueue<string> Refused { get; } = new();

        /// <summary>Waits until so many more were answered.</summary>
        public async Task More(int count)
        {
            var enough = Volatile.Read(ref _asked) + count;
            await Poll.Until(() => Task.FromResult(Volatile.Read(ref _asked) >= enough), () => "more calls", TimeSpan.FromSeconds(60));
        }

        private async Task Ask(Router router)
        {
            while (!_over)
            {
                var number = Interlocked.Increment(ref _asked);
                try
                {
                    using var answer = await router.Send(number);
                    if (answer.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.Accepted))
                        Refused.Enqueue($"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
                }
                catch (HttpRequestException fault)
                {
                    Refused.Enqueue(fault.ToString());
                }
            }
        }

        public async ValueTask DisposeAsync()
        {
            _over = true;
            await Task.WhenAll(_callers);
        }
    }
}
