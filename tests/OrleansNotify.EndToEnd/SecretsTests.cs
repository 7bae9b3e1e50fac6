using System.Net;
using System.Text.Json;
using OrleansNotify.EndToEnd.Hosts;
using OrleansNotify.Sandbox;
using OrleansNotify.Sandbox.Smtp;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd;

public sealed class SecretsTests
{
    private const string SmtpPassword = "marked-smtp-password", BotSecret = "marked-bot-token", RedisPassword = "marked-redis-password";

    [Fact]
    public async Task No_secret_is_in_logs_metrics_answers_or_timelines()
    {
        Needs.Program("redis-server");
        await using var redis = await RedisProcess.Start("--requirepass", RedisPassword);
        await using var providers = await Providers.Start(new SandboxOptions
        {
            BotToken = $"100200300:{BotSecret}",
            Smtp = new SmtpServerOptions { User = "mailer", Password = SmtpPassword },
        });
        var (_, device) = providers.Device();
        await using var host = await HostProcess.Start(HostEnvironment.OnRedis($"redis://default:{RedisPassword}@{redis.Connection}/0", Path.GetTempPath())
            .With(providers.Environment, new()
            {
                ["SMTP_USER"] = "mailer",
                ["SMTP_PASSWORD"] = SmtpPassword,
                ["Logging__LogLevel__Default"] = "Debug",
                ["Logging__LogLevel__System.Net.Http"] = "Trace",
            }));
        using HostApi api = new(host);

        List<string> said = await UseEveryChannel(api, providers, device);

        said.Add(await api.GetText("/metrics"));
        said.Add(host.Output);
        var all = string.Join('\n', said);
        var keys = JsonSerializer.SerializeToElement(device).GetProperty("keys");
        Assert.Contains("position_failure", all, StringComparison.Ordinal);
        foreach (var secret in (string[])[SmtpPassword, BotSecret, RedisPassword, HostProcess.JwtSecret, HostProcess.Token,
            providers.Vapid.PrivateKey, keys.GetProperty("auth").GetString()!, keys.GetProperty("p256dh").GetString()!])
            Assert.DoesNotContain(secret, all, StringComparison.Ordinal);
    }

    // Well, and then with providers that fail in ways whose texts tend to be passed on.
    private static async Task<List<string>> UseEveryChannel(HostApi api, Providers providers, object device)
    {
        await api.SetUser("ada", "ada@b.example", "4242");
        await api.Ask(HttpMethod.Post, "/api/v1/users/ada/push-subscriptions", device, HttpStatusCode.Created);
        List<string> said = [];
        foreach (var faulty in (bool[])[false, true])
        {
            if (faulty)
            {
                Fault echo = new() { Kind = FaultKind.Reply, Status = 500, Text = $"upstream https://api.example/bot100200300:{BotSecret}/sendMessage failed" };
                providers.Faults.Add(Receiver.Telegram, echo);
                providers.Faults.Add(Receiver.Push, new Fault { Kind = FaultKind.DropBefore });
                providers.Faults.Add(Receiver.Email, new Fault { Kind = FaultKind.Reply, Stage = SmtpStage.Data, Status = 451, Text = "4.3.0 later" });
            }

            foreach (var channel in (string[])["telegram", "push", "email"])
            {
                var id = await api.SendAlert("ada", channel, fallback: false);
                said.Add((await api.WaitFor("ada", id, "sent", TimeSpan.FromSeconds(30))).ToString());
            }
        }

        said.Add((await api.Ask(HttpMethod.Get, "/api/v1/users/ada")).ToString());
        said.Add((await api.Ask(HttpMethod.Post, "/api/v1/messages", new { user_id = "ada", template_name = "position_failure" }, HttpStatusCode.BadRequest)).ToString());
        said.Add((await api.Ask(HttpMethod.Post, "/api/v1/users/ada/push-subscriptions", new { endpoint = "http://10.0.0.1/", keys = new { auth = "x" } },
            HttpStatusCode.BadRequest)).ToString());
        return said;
    }
}
