using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using OrleansNotify.Host.Store;
using OrleansNotify.Metrics;
using OrleansNotify.Storage;
using OrleansNotify.Tests.Host.Api;
using StackExchange.Redis;

namespace OrleansNotify.Tests.Host.Store;

public sealed class StoreHealthTests
{
    [Theory]
    [InlineData("POST", "/api/v1/messages", HttpStatusCode.ServiceUnavailable)]
    [InlineData("PUT", "/api/v1/users/ann", HttpStatusCode.ServiceUnavailable)]
    [InlineData("GET", "/api/v1/users/ann", HttpStatusCode.OK)]
    [InlineData("POST", "/sign-in", HttpStatusCode.OK)]
    public async Task With_the_disk_nearly_full_nothing_new_is_accepted(string method, string path, HttpStatusCode expected)
    {
        var free = 0L;
        await using var app = Build(() => free);
        await app.StartAsync(TestContext.Current.CancellationToken);
        using HttpClient client = new() { BaseAddress = new Uri(app.Urls.Single()) };

        using var full = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), TestContext.Current.CancellationToken);
        Assert.Equal(expected, full.StatusCode);
        if (expected == HttpStatusCode.ServiceUnavailable) Assert.Equal("60", full.Headers.RetryAfter!.ToString());

        free = StoreHealth.DiskReserve;
        using var roomy = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, roomy.StatusCode);
    }

    [Fact]
    public async Task A_store_that_is_gone_does_not_answer()
    {
        using TempFolder folder = new();
        var server = GarnetProcess.Start(folder.File("log"));
        var options = server.Connection;
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.AsyncTimeout = 500;
        await using var redis = await ConnectionMultiplexer.ConnectAsync(options);
        TestClock clock = new();
        var health = StoreHealth.Of(redis, "service", StoreHealth.DiskOf(folder.Path), clock);
        Assert.Null((await health.Look()).Trouble);
        Assert.False(health.IsDiskFull);

        server.Dispose();

        // A look is good for a second.
        Assert.Null((await health.Look()).Trouble);
        clock.Advance(StoreHealth.Fresh);
        Assert.Contains((await health.Look()).Trouble, (StoreTrouble?[])[StoreTrouble.NotReachable, StoreTrouble.Silent]);
    }

    [Fact]
    public async Task Many_that_look_at_a_time_are_one_write()
    {
        var writes = 0;
        TaskCompletionSource answer = new();
        TestClock clock = new();
        StoreHealth health = new(() => { writes++; return answer.Task; }, freeBytes: null, clock);
        var looks = Enumerable.Range(0, 100).Select(_ => health.Look()).ToList();
        clock.Advance(StoreHealth.Fresh * 2);
        looks.Add(health.Look());
        answer.SetResult();
        await Task.WhenAll(looks);
        Assert.Equal(1, writes);
    }

    [Fact]
    public void An_outage_is_said_once_when_it_begins_or_changes_and_when_it_ends()
    {
        TestClock clock = new();
        FakeLogger<StoreWatch> log = new();
        using StoreWatch watch = new(null!, new NotifyMetrics(Prometheus.Metrics.NewCustomRegistry()), clock, log);

        foreach (var trouble in (StoreTrouble?[])[null, StoreTrouble.Full, StoreTrouble.Full, StoreTrouble.Full, StoreTrouble.ReadOnly, StoreTrouble.ReadOnly, null, null])
        {
            watch.Note(new StoreLook(trouble, TimeSpan.Zero));
            clock.Advance(StoreHealth.Fresh);
        }

        Assert.Equal(
            [
                (LogLevel.Error, "The store's memory is full: it takes no writes. Requests that need it are refused until it does"),
                (LogLevel.Error, "The store is a read-only replica: it takes no writes. Requests that need it are refused until it does"),
                (LogLevel.Information, "The store takes writes again, after 5 s"),
            ],
            log.Collector.GetSnapshot().Select(line => (line.Level, line.Message)));
    }

    [Fact]
    public void A_store_on_another_machine_has_no_disk_of_ours() =>
        Assert.False(new StoreHealth(null!, freeBytes: null, TimeProvider.System).IsDiskFull);

    private static WebApplication Build(Func<long> free)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(new StoreHealth(null!, free, TimeProvider.System)).AddSingleton(new NotifyMetrics(Prometheus.Metrics.NewCustomRegistry()));
        var app = builder.Build();
        app.UseRefusalWhenFull();
        app.Run(context => context.Response.WriteAsync("ok"));
        return app;
    }
}
