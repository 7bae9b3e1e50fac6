using System.Net;
using OrleansNotify.EndToEnd.Hosts;
using OrleansNotify.Host.Store;
using OrleansNotify.Sandbox;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd;

/// <summary>A Redis user that may do what the documents say, and nothing else: not even INFO.</summary>
public sealed class RedisUserTests
{
    // With INFO the library knows the server's version, and uses other commands.
    [Theory]
    [InlineData("")]
    [InlineData(" +info")]
    public async Task A_user_with_exactly_the_documented_rights_is_enough(string more)
    {
        Needs.Program("redis-server");
        var rights = RedisRights.All("notify");
        var document = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs/operations.md"), TestContext.Current.CancellationToken);
        Assert.Contains(rights, string.Join(' ', document.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        await using var store = await HostStore.Start(StoreKind.Redis);
        await store.Server.Tell($"ACL SETUSER notify on >pw {rights}{more}");
        await using var providers = await Providers.Start();
        var environment = store.Environment().With(providers.Environment, new() { ["REDIS_CONNECTION"] = $"redis://notify:pw@{store.Redis}" });
        await using var host = await HostProcess.Start(environment);
        using HostApi api = new(host);

        await api.Ask(HttpMethod.Get, "/api/v1/campaigns");
        await api.SetUser("ann", email: "ann@b.example");
        await api.WaitFor("ann", await api.SendAlert("ann", "email"), "sent", TimeSpan.FromSeconds(30));
        providers.Faults.Add(Receiver.Email, new Fault { Kind = FaultKind.Reply, Stage = SmtpStage.Data, Status = 552, Text = "5.3.4 too large" });
        var dead = await api.SendAlert("ann", "email", fallback: false);
        await api.WaitFor("ann", dead, "dead_lettered", TimeSpan.FromSeconds(30));
        await api.Ask(HttpMethod.Get, "/api/v1/dead-letters/groups");
        await api.Ask(HttpMethod.Post, "/api/v1/dead-letters/redrive", new { user_id = "ann" }, HttpStatusCode.Accepted);
        await api.WaitFor("ann", dead, "sent", TimeSpan.FromSeconds(60));
        var campaign = await api.Ask(HttpMethod.Post, "/api/v1/campaigns", new
        {
            name = "July",
            template_name = "welcome",
            channel = "email",
            audience = new[] { new { user_id = "ann", vars = new { name = "Ann" } } },
        });
        var id = campaign.GetProperty("campaign_id").GetString();
        await Poll.Until(
            async () => (await api.Ask(HttpMethod.Get, $"/api/v1/campaigns/{id}")).GetProperty("status").GetString() == "done", () => "campaign that is done", TimeSpan.FromSeconds(60));

        await api.Ask(HttpMethod.Put, "/api/v1/users/ann/unsubscribed-types/onboarding", expect: HttpStatusCode.NoContent);
        Assert.Equal("ann@b.example", (await api.Ask(HttpMethod.Get, "/api/v1/users/ann/export")).GetProperty("user").GetProperty("email").GetString());
        await api.Ask(HttpMethod.Delete, "/api/v1/users/ann", expect: HttpStatusCode.NoContent);
        await api.Ask(HttpMethod.Get, "/api/v1/users/ann", expect: HttpStatusCode.NotFound);
        await api.SetUser("eve", email: "ann@b.example");
        var kept = await api.Ask(HttpMethod.Get, "/api/v1/users/eve/preferences");
        Assert.Equal(["onboarding"], kept.GetProperty("unsubscribed_types").EnumerateArray().Select(type => type.GetString()));

        Assert.Equal(more.Length == 0, host.Output.Contains("does not answer INFO", StringComparison.Ordinal));
        Assert.DoesNotContain(
            host.Output.Split('\n'),
            line => (line.Contains("NOPERM", StringComparison.Ordinal) && !line.Contains("INFO", StringComparison.Ordinal)) || line.Contains("user executing the script", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rights_that_are_lacking_are_told_at_once_and_all_of_them()
    {
        Needs.Program("redis-server");
        await using var store = await HostStore.Start(StoreKind.Redis);
        await store.Server.Tell("ACL SETUSER notify on >pw ~notify/* +@all -zrangebylex -hvals -script|load -watch");
        await using var providers = await Providers.Start();
        var environment = store.Environment().With(providers.Environment, new()
        {
            ["REDIS_CONNECTION"] = $"redis://notify:pw@{store.Redis}",
            ["NOTIFY_JWT_SECRET"] = HostProcess.JwtSecret,
            ["NOTIFY_PUBLIC_URL"] = "https://notify.example",
            ["NOTIFY_APP_URL"] = "https://app.example",
        });

        await using var host = HostProcess.Run(["run"], environment);

        Assert.Equal(2, await host.WaitForExit(TimeSpan.FromSeconds(40)));
        var line = Assert.Single(host.Output.Split('\n'), line => line.Contains("REDIS_CONNECTION: the Redis user lacks rights", StringComparison.Ordinal));
        foreach (var right in (string[])["+zrangebylex", "+hvals", "+script|load", "+watch"]) Assert.Contains(right, line, StringComparison.Ordinal);
        Assert.DoesNotContain("+zadd", line, StringComparison.Ordinal);
        Assert.DoesNotContain("pw", host.Output, StringComparison.Ordinal);
    }
}
