using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansNotify.Host.Store;
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
        StoreHealth health = new(redis, StoreHealth.DiskOf(folder.Path));
        Assert.NotNull(await health.Ping());
        Assert.False(health.IsDiskFull);

        server.Dispose();

        Assert.Null(await health.Ping());
    }

    [Fact]
    public void A_store_on_another_machine_has_no_disk_of_ours() =>
        Assert.False(new StoreHealth(null!, freeBytes: null).IsDiskFull);

    private static WebApplication Build(Func<long> free)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(new StoreHealth(null!, free));
        var app = builder.Build();
        app.UseRefusalWhenFull();
        app.Run(context => context.Response.WriteAsync("ok"));
        return app;
    }
}
