using System.Net;
using System.Text.Json;
using OrleansNotify.EndToEnd.Hosts;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd.Mail;

/// <summary>Ordinary answers of a real mail server, seen in its mailbox and in the messages' timelines.</summary>
public sealed class RealMailTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_mail_gets_through_TLS_and_login_under_the_senders_name()
    {
        Postfix.Need();
        await using PolicyService policy = new(() => Task.FromResult(PolicyService.GoOn));
        await using var postfix = await Postfix.Start(policy.Port);
        await using var store = await HostStore.Start(StoreKind.Embedded);
        await using var host = await HostProcess.Start(store.Environment().With(Submission.Environment(postfix)));
        using HostApi api = new(host);
        await api.SetUser("ann", email: Postfix.Mailbox);

        await api.SendAlert("ann", "email");

        var mail = await postfix.WaitForMail(s_patience);
        var received = mail.Headers["Received"];
        Assert.StartsWith("from notify.example ", received, StringComparison.Ordinal);
        Assert.Contains("(Authenticated sender: notify@mail.real.example)", received, StringComparison.Ordinal);
        Assert.Contains("with ESMTPSA", received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_greylisted_mail_arrives_later_and_its_address_stays()
    {
        Postfix.Need();
        var asked = 0;
        await using PolicyService policy = new(() => Task.FromResult(Interlocked.Increment(ref asked) <= 2 ? "451 4.7.1 Greylisted" : PolicyService.GoOn));
        await using var postfix = await Postfix.Start(policy.Port);
        await using var store = await HostStore.Start(StoreKind.Embedded);
        await using var host = await HostProcess.Start(store.Environment().With(Submission.Environment(postfix)));
        using HostApi api = new(host);
        await api.SetUser("ann", email: Postfix.Mailbox);

        var message = await api.WaitFor("ann", await api.SendAlert("ann", "email"), "sent", s_patience);

        Assert.Equal(["busy", "busy", "sent"], Attempts(message).Select(attempt => attempt.Outcome));
        Assert.StartsWith("451 4.7.1", Attempts(message)[0].Detail, StringComparison.Ordinal);
        Assert.Empty((await api.Ask(HttpMethod.Get, "/api/v1/users/ann")).GetProperty("disabled").EnumerateArray());
        await postfix.WaitForMail(s_patience);
    }

    [Fact]
    public async Task Forty_mails_get_through_three_connections_at_the_first_attempt()
    {
        Postfix.Need();
        TaskCompletionSource refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using PolicyService policy = new(async () =>
        {
            await refused.Task;
            return PolicyService.GoOn;
        });
        await using var postfix = await Postfix.Start(policy.Port);
        await using var store = await HostStore.Start(StoreKind.Embedded);
        await using var host = await HostProcess.Start(store.Environment().With(Submission.Environment(postfix)));
        using HostApi api = new(host);
        await api.SetUser("ann", email: Postfix.Mailbox);

        var ids = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => api.SendAlert("ann", "email")));
        await postfix.WaitForLine("Connection concurrency limit exceeded", s_patience);
        refused.SetResult();

        foreach (var id in ids)
        {
            var message = await api.WaitFor("ann", id, "sent", s_patience);
            Assert.Equal(["sent"], Attempts(message).Select(attempt => attempt.Outcome));
        }

        await Poll.Until(() => Task.FromResult(postfix.Mails == 40), () => $"fortieth mail; there are {postfix.Mails}", s_patience);
    }

    [Fact]
    public async Task A_mail_that_is_refused_after_its_final_dot_is_a_dead_letter_at_once()
    {
        Postfix.Need();
        await using PolicyService policy = new(() => Task.FromResult(PolicyService.GoOn));
        await using var postfix = await Postfix.Start(policy.Port);
        await using var store = await HostStore.Start(StoreKind.Embedded);
        await using var host = await HostProcess.Start(store.Environment().With(Submission.Environment(postfix)));
        using HostApi api = new(host);
        await api.SetUser("ann", email: Postfix.Mailbox);

        var message = await api.WaitFor("ann", await SendAlert(api, "ann", Submission.Malformed), "dead_lettered", s_patience);

        var attempt = Assert.Single(Attempts(message));
        Assert.Equal(("rejected", "550 5.6.0 Malformed"), (attempt.Outcome, attempt.Detail));
        Assert.Empty((await api.Ask(HttpMethod.Get, "/api/v1/users/ann")).GetProperty("disabled").EnumerateArray());
    }

    [Fact]
    public async Task An_account_that_has_sent_enough_uses_up_nobodys_message()
    {
        Postfix.Need();
        await using PolicyService policy = new(() => Task.FromResult(PolicyService.GoOn));
        await using var postfix = await Postfix.Start(policy.Port);
        await using var store = await HostStore.Start(StoreKind.Embedded);
        await using var host = await HostProcess.Start(store.Environment().With(Submission.Environment(postfix)));
        using HostApi api = new(host);
        for (var i = 0; i < 8; i++) await api.SetUser($"u{i}", email: Postfix.Mailbox);

        for (var i = 0; i < 8; i++) await SendAlert(api, $"u{i}", Submission.OverQuota);

        await EventuallyOpen(api);
        await ExpectNoLetter(api);
    }

    [Fact]
    public async Task A_wrong_password_uses_up_nobodys_message()
    {
        Postfix.Need();
        await using PolicyService policy = new(() => Task.FromResult(PolicyService.GoOn));
        await using var postfix = await Postfix.Start(policy.Port);
        await using var store = await HostStore.Start(StoreKind.Embedded);
        await using var host = await HostProcess.Start(store.Environment().With(Submission.Environment(postfix, password: "mistaken-horse")));
        using HostApi api = new(host);
        await api.SetUser("ann", email: Postfix.Mailbox);

        var id = await api.SendAlert("ann", "email");

        await EventuallyOpen(api);
        await ExpectNoLetter(api);
        var attempt = Attempts(await api.Message("ann", id))[0];
        Assert.Equal(("channel_fault", "535 5.7.8 to AUTH"), (attempt.Outcome, attempt.Detail));
        Assert.DoesNotContain("mistaken-horse", host.Output, StringComparison.Ordinal);
    }

    private static async Task EventuallyOpen(HostApi api) => await Poll.Until(
        async () => (await api.GetText("/metrics")).Contains("""circuit_open{channel="email"} 1""", StringComparison.Ordinal),
        () => "open circuit of the email channel", s_patience);

    private static async Task ExpectNoLetter(HostApi api) =>
        Assert.Empty((await api.Ask(HttpMethod.Get, "/api/v1/dead-letters")).GetProperty("items").EnumerateArray());

    private static async Task<string> SendAlert(HostApi api, string user, string instrument)
    {
        object body = new
        {
            user_id = user,
            template_name = "price_alert_triggered",
            channel = "email",
            template_vars = new { instrument, trigger_price = 1.1, current_price = 1.2, condition = "above" },
        };
        return (await api.Ask(HttpMethod.Post, "/api/v1/messages", body, HttpStatusCode.Accepted)).GetProperty("message_id").GetString()!;
    }

    private static List<(string? Outcome, string? Detail)> Attempts(JsonElement message) => [.. message.GetProperty("events").EnumerateArray()
        .Where(e => e.GetProperty("type").GetString() == "attempt" && e.TryGetProperty("outcome", out var outcome) && outcome.ValueKind == JsonValueKind.String)
        .Select(e => (e.GetProperty("outcome").GetString(), e.GetProperty("detail").GetString()))];
}
