using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansNotify.Host.CommandLine;
using OrleansNotify.Host.Settings;
using OrleansNotify.Host.Store;
using OrleansNotify.RateLimiting;
using OrleansNotify.Tests.Host.Store;
using StackExchange.Redis;

namespace OrleansNotify.Tests.Host;

public sealed class HostTests(RunningHost host)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_host_is_alive_and_ready()
    {
        using var client = await host.Browser();

        Assert.Equal("""{"status":"alive"}""", await client.GetStringAsync(new Uri("/healthz", UriKind.Relative), Cancellation));
        var ready = await client.GetFromJsonAsync<JsonElement>(new Uri("/readyz", UriKind.Relative), Cancellation);
        Assert.Equal(("ready", "ok", "ok", "active"), (Text("status"), Text("store"), Text("disk"), Text("silo")));
        Assert.InRange(ready.GetProperty("store_ping_ms").GetDouble(), 0, 2000);

        string? Text(string name) => ready.GetProperty(name).GetString();
    }

    [Fact]
    public async Task A_circuit_that_is_open_is_shown_and_makes_no_host_unready()
    {
        const string Service = "https://push.example";
        using var client = await host.Browser();
        var watch = (await host.Get()).App.Services.GetRequiredService<ChannelWatch>();
        watch.Open(Channel.Push, Service, "500");
        try
        {
            using var answer = await client.GetAsync(new Uri("/readyz", UriKind.Relative), Cancellation);
            var channels = (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("channels");

            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(["email", "push", "telegram"], channels.EnumerateObject().Select(channel => channel.Name));
            Assert.Equal("""{"circuit":"closed"}""", channels.GetProperty("email").GetRawText());
            var service = channels.GetProperty("push").GetProperty("services").GetProperty(Service);
            Assert.Equal(("open", "500"), (service.GetProperty("circuit").GetString(), service.GetProperty("reason").GetString()));
            Assert.Equal(10, (service.GetProperty("paused_until").GetDateTimeOffset() - service.GetProperty("since").GetDateTimeOffset()).TotalSeconds, 0.01);
        }
        finally
        {
            watch.EndTrial(Channel.Push, Service, failed: false, "");
        }
    }

    [Theory]
    [InlineData("/", "default-src 'none'; script-src 'self'")]
    [InlineData("/sign-in", "default-src 'none'; script-src 'self'")]
    [InlineData("/healthz", "default-src 'none'; frame-ancestors 'none'")]
    [InlineData("/api/v1/nothing", "default-src 'none'; frame-ancestors 'none'")]
    public async Task Every_answer_says_what_a_browser_may_do_with_it(string path, string policy)
    {
        using var client = await host.Browser();

        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), Cancellation);

        Assert.StartsWith(policy, Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("DENY", Assert.Single(answer.Headers.GetValues("X-Frame-Options")));
        Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Fact]
    public async Task No_page_of_ours_holds_a_script_or_style_that_its_policy_forbids()
    {
        using var client = await host.Browser();
        foreach (var path in (string[])["/", "/sign-in", "/inbox"])
        {
            var page = await client.GetStringAsync(new Uri(path, UriKind.Relative), Cancellation);
            Assert.DoesNotContain("style=", page, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("<style", page, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("<script>", page, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("{{", page, StringComparison.Ordinal);
            Assert.DoesNotMatch("\\son[a-z]+=", page);
        }
    }

    [Fact]
    public async Task A_second_host_on_the_same_folder_does_not_start()
    {
        var running = await host.Get();

        var problem = Assert.Single((await Assert.ThrowsAsync<SettingsException>(() => RunningHost.Start(running.Settings.DataDirectory))).Problems);

        Assert.StartsWith("NOTIFY_DATA_DIR: another host is running", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_forgets_the_silos_of_earlier_runs_and_its_stop_leaves_the_folder_free()
    {
        using TempFolder folder = new();
        ClusterSettings cluster = new() { ClusterId = "notify", ServiceId = "notify" };
        using (var store = await EmbeddedStore.Start(DataFolder.Open(folder.Path), NullLogger.Instance))
        await using (var redis = await ConnectionMultiplexer.ConnectAsync(store.Connection))
            await redis.GetDatabase().HashSetAsync(Membership.Key(cluster), "127.0.0.1:1@1", "of a silo that was killed");

        await using (var running = await RunningHost.Start(folder.Path))
        {
            var redis = running.App.Services.GetRequiredService<IConnectionMultiplexer>();
            var rows = await redis.GetDatabase().HashKeysAsync(Membership.Key(cluster));
            Assert.DoesNotContain("127.0.0.1:1@1", rows);
            Assert.Equal(2, rows.Length);
        }

        DataFolder.Open(folder.Path).Dispose();
    }

    [Fact]
    public async Task A_port_in_use_is_told_by_the_settings_name()
    {
        var running = await host.Get();
        using TempFolder folder = new();

        var fault = await Assert.ThrowsAsync<SettingsException>(() => OrleansNotify.Host.NotifyHost.Start("Development", new Dictionary<string, string?>
        {
            ["NOTIFY_DATA_DIR"] = folder.Path,
            ["URLS"] = running.Url.ToString(),
            ["Logging:LogLevel:Default"] = "None",
            ["Logging:LogLevel:Microsoft"] = "None",
        }, cancellation: Cancellation));

        Assert.StartsWith("ASPNETCORE_URLS: ", Assert.Single(fault.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_over_a_mebibyte_is_refused()
    {
        using var client = await host.Browser();
        client.DefaultRequestHeaders.Authorization = new("Bearer", await host.Token("owner"));
        // Waits for the host's word before it sends the body: a host that refuses it closes the connection in the middle.
        client.DefaultRequestHeaders.ExpectContinue = true;
        using ByteArrayContent body = new(new byte[(1 << 20) + 1]);
        body.Headers.ContentType = new("application/json");

        using var answer = await client.PostAsync(new Uri("/api/v1/messages", UriKind.Relative), body, Cancellation);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task The_start_tells_where_everything_is_and_shows_an_owners_token_in_Development_alone()
    {
        var running = await host.Get();

        var text = StartText.Of(running, TimeSpan.FromSeconds(2.34));

        Assert.Contains("ready after 2.3 s", text, StringComparison.Ordinal);
        Assert.Contains(running.Url + "dashboard", text, StringComparison.Ordinal);
        Assert.Contains(running.Settings.DataDirectory, text, StringComparison.Ordinal);
        Assert.NotNull(StartText.OwnerToken(running));
        Assert.DoesNotContain(running.Jwt.Secrets[0], text, StringComparison.Ordinal);
    }
}
