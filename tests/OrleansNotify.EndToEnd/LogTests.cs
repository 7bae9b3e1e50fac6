using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using OrleansNotify.EndToEnd.Hosts;
using OrleansNotify.Sandbox;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd;

/// <summary>What the documents say is in the log is in the log of a host that nobody has told what to log.</summary>
public sealed partial class LogTests
{
    /// <summary>Each sentence that promises a line, where it stands, and the line.</summary>
    private static readonly (string File, string Sentence, string Line)[] s_promises =
    [
        ("docs/operations.md", "A test send is in the log, with who asked", @"INFO  e2e sent a test to user ann by Telegram"),
        ("docs/operations.md", "Who redrove or discarded which letter is in its timeline and in the log", @"INFO  Dead letter \S+ was redriven by e2e"),
        ("docs/operations.md", "Who redrove or discarded which letter is in its timeline and in the log", @"INFO  Dead letter \S+ was discarded by e2e"),
        ("docs/operations.md", "It warns of a Redis without an append-only file", @"WARN  Redis keeps no append-only file"),
        ("docs/operations.md", "of one that throws keys away when", @"WARN  Redis throws keys away .* maxmemory-policy is allkeys-lru"),
        ("docs/operations.md", "a channel that is not configured", @"WARN  The channel Push is not configured"),
        ("docs/operations.md", "the log says that a circuit opened, why, and that it closed again", @"WARN  The circuit of Telegram \(all\) is open: 401"),
        ("docs/operations.md", "the log says that a circuit opened, why, and that it closed again", @"INFO  The circuit of Telegram \(all\) is closed again"),
        ("docs/operations.md", "the log says what ails it, and that it takes writes again", @"ERROR The store does not answer"),
        ("docs/operations.md", "the log says what ails it, and that it takes writes again", @"INFO  The store takes writes again, after \d+ s"),
        ("src/OrleansNotify.Abstractions/IUserGrain.cs", "The fault itself is in the silo's log", @"WARN  A user's grain does not know what its store holds, and reads it again: StoreFault: "),
        ("docs/operations.md", "Campaigns say in the log", @"INFO  Campaign \S+ \(July\) is Paused"),
        ("docs/operations.md", "a host that is told to stop says so", @"INFO  Told to stop: requests are taken for another 1 s"),
    ];

    [Fact]
    public async Task Every_line_that_the_documents_promise_is_there_at_the_usual_levels_with_its_date_and_time()
    {
        Needs.Program("redis-server");
        await using var redis = await RedisProcess.Start("--appendonly", "no", "--maxmemory-policy", "allkeys-lru");
        await using var providers = await Providers.Start();
        var folder = Directory.CreateTempSubdirectory("notify-log-");
        var environment = HostEnvironment.OnRedis(redis.Connection, folder.FullName).With(providers.Environment, new() { ["NOTIFY_DRAIN_SECONDS"] = "1" });
        foreach (var key in environment.Keys.Where(key => key.StartsWith("VAPID", StringComparison.Ordinal) || key.StartsWith("PUSH", StringComparison.Ordinal)).ToList())
            environment.Remove(key);
        await using var host = await HostProcess.Start(environment);
        using HostApi api = new(host);

        await DoWhatIsLogged(host, api, providers, redis);
        Assert.Equal(0, await host.Terminate(TimeSpan.FromSeconds(40)));

        var lines = host.Output.Split('\n').Where(line => line.Length > 0).ToList();
        foreach (var (file, sentence, line) in s_promises)
        {
            Assert.Contains(sentence, Regex.Replace(File.ReadAllText(Path.Combine(Repository.Root, file)), @"\s+(/// )?", " "), StringComparison.OrdinalIgnoreCase);
            Assert.True(lines.Exists(each => Regex.IsMatch(each, line)), $"{line} is missing:\n{host.Output}");
        }

        // The text for whoever started it is no log.
        Assert.All(lines.SkipWhile(line => !Stamp().IsMatch(line)).Where(line => !line.StartsWith(' ') && !line.StartsWith("OrleansNotify is ready", StringComparison.Ordinal)),
            line => Assert.Matches(Stamp(), line));
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task By_a_setting_each_event_is_a_JSON_object_on_a_line_of_its_own_and_there_is_nothing_else()
    {
        await using var store = await HostStore.Start(StoreKind.Redis);
        await using var providers = await Providers.Start();
        await using var host = await HostProcess.Start(store.Environment().With(providers.Environment, new() { ["Logging__Console__FormatterName"] = "json" }));

        await store.Server.Kill();
        await host.WaitForLine(line => line.Contains("\"Exception\":", StringComparison.Ordinal), "a fault with its stack", TimeSpan.FromSeconds(30));
        await store.Server.Restart();

        var objects = host.Output.Split('\n').Where(line => line.Length > 0).Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();
        Assert.All(objects, each => Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", each.GetProperty("Timestamp").GetString()));
        Assert.Contains(objects, each => each.TryGetProperty("Exception", out var stack) && stack.GetString()!.Contains("\n   at ", StringComparison.Ordinal));
        Assert.Contains(objects, each => each.GetProperty("Message").GetString()!.Contains("is ready", StringComparison.Ordinal));
    }

    private static async Task DoWhatIsLogged(HostProcess host, HostApi api, Providers providers, RedisProcess redis)
    {
        await api.SetUser("ann", email: "ann@b.example", chat: "4242");
        await api.Ask(HttpMethod.Post, "/api/v1/messaging/test", new
        {
            user_id = "ann",
            channel = "telegram",
            template_name = "price_alert_triggered",
            template_vars = new { instrument = "EURUSD", trigger_price = 1.1, current_price = 1.2, condition = "above" },
        });
        await Campaign(api);
        foreach (var end in (string[])["redrive", "discard"])
        {
            providers.Faults.Add(Receiver.Email, new Fault { Kind = FaultKind.Reply, Stage = SmtpStage.Data, Status = 552, Text = "5.3.4 too large" });
            var refused = await api.SendAlert("ann", "email", fallback: false);
            await api.WaitFor("ann", refused, "dead_lettered", TimeSpan.FromSeconds(30));
            var letters = await api.Ask(HttpMethod.Get, "/api/v1/dead-letters?user_id=ann");
            var id = letters.GetProperty("items")[0].GetProperty("id").GetString();
            if (end == "redrive")
            {
                await api.Ask(HttpMethod.Post, $"/api/v1/dead-letters/{id}/redrive");
                // Else its mail could meet the fault that is meant for the next one.
                await api.WaitFor("ann", refused, "sent", TimeSpan.FromSeconds(30));
            }
            else
            {
                await api.Ask(HttpMethod.Delete, $"/api/v1/dead-letters/{id}", expect: HttpStatusCode.NoContent);
            }
        }

        providers.Faults.Add(Receiver.Telegram, new Fault { Kind = FaultKind.Reply, Status = 401 });
        var held = await api.SendAlert("ann", "telegram", fallback: false);
        await host.WaitForLine(line => line.Contains("The circuit of Telegram (all) is closed again", StringComparison.Ordinal), "that the circuit is closed", TimeSpan.FromSeconds(60));
        await api.WaitFor("ann", held, "sent", TimeSpan.FromSeconds(30));

        await redis.Stop();
        // Some of these users are this host's.
        foreach (var asked in await Task.WhenAll(Enumerable.Range(0, 20).Select(user => api.Send(HttpMethod.Get, $"/api/v1/users/u-{user}"))))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, asked.StatusCode);
            asked.Dispose();
        }

        await host.WaitForLine(line => line.Contains(" ERROR The store", StringComparison.Ordinal), "what ails the store", TimeSpan.FromSeconds(20));
        await host.WaitForLine(line => line.Contains("A user's grain does not know", StringComparison.Ordinal), "the fault itself", TimeSpan.FromSeconds(20));
        await redis.Continue();
        await host.WaitForLine(line => line.Contains("The store takes writes again", StringComparison.Ordinal), "the store's return", TimeSpan.FromSeconds(30));
    }

    private static async Task Campaign(HostApi api)
    {
        var receipt = await api.Ask(HttpMethod.Post, "/api/v1/campaigns", new
        {
            name = "July",
            template_name = "welcome",
            start_at = TimeProvider.System.GetUtcNow().AddDays(1),
            audience = new[] { new { user_id = "ann", vars = new { name = "Ann" } } },
        }, HttpStatusCode.OK);
        await api.Ask(HttpMethod.Post, $"/api/v1/campaigns/{receipt.GetProperty("campaign_id").GetString()}/pause");
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (ERROR|WARN |INFO |DEBUG) ")]
    private static partial Regex Stamp();
}
