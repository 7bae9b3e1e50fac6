using OrleansNotify.EndToEnd.Hosts;
using OrleansNotify.Sandbox;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd.Faults;

/// <summary>A few people whose addresses fail, and many others who notice nothing of it: seen by who receives.</summary>
public sealed class FewPeopleTests
{
    private const int Rounds = 12, Good = 5;

    private static readonly TimeSpan s_everyRound = TimeSpan.FromSeconds(1), s_atOnce = TimeSpan.FromSeconds(9), s_patience = TimeSpan.FromSeconds(30);

    // What anybody waits for here is a circuit.
    private static readonly Dictionary<string, string> s_limits = HostEnvironment.Unlimited;

    [Fact]
    public Task Five_users_of_a_domain_that_answers_450_4_1_2_hold_up_no_other_mail() =>
        NobodyElseNotices(
            "email",
            [.. Enumerable.Range(0, 5).Select(i => $"slow{i}@far.example")],
            new Fault { Kind = FaultKind.Reply, Status = 450, Text = "4.1.2 Recipient address rejected: Domain not found", Stage = SmtpStage.RcptTo });

    [Fact]
    public Task Thirty_users_in_groups_that_the_bot_may_not_write_to_hold_up_no_other_alert() =>
        NobodyElseNotices(
            "telegram",
            [.. Enumerable.Range(0, 30).Select(i => $"{-2000 - i}")],
            new Fault
            {
                Kind = FaultKind.Reply,
                Status = 400,
                Text = """{"ok":false,"error_code":400,"description":"Bad Request: not enough rights to send text messages to the chat"}""",
            });

    private static async Task NobodyElseNotices(string channel, string[] failing, Fault fault)
    {
        var isMail = channel == "email";
        var receiver = isMail ? Receiver.Email : Receiver.Telegram;
        await using var store = await HostStore.Start(StoreKind.Embedded);
        await using var providers = await Providers.Start();
        await using var host = await HostProcess.Start(store.Environment().With(providers.Environment, s_limits));
        using HostApi api = new(host);
        foreach (var (address, i) in failing.Select((address, i) => (address, i)))
        {
            providers.Faults.Add(receiver, fault, int.MaxValue, address);
            await Set($"bad{i}", address);
        }

        List<(string User, string Address)> good = [];
        for (var i = 0; i < Rounds * Good; i++) good.Add(($"good{i}", isMail ? $"good{i}@b.example" : $"{3001 + i}"));
        foreach (var (user, address) in good) await Set(user, address);

        List<string> ids = [];
        TimeSpan slowest = default;
        using PeriodicTimer round = new(s_everyRound);
        foreach (var batch in good.Chunk(Good))
        {
            // The failing first, so that the good ones come into whatever those have done.
            for (var i = 0; i < failing.Length; i++) await api.SendAlert($"bad{i}", channel, fallback: false);
            var began = TimeProvider.System.GetTimestamp();
            foreach (var (user, _) in batch) ids.Add(await api.SendAlert(user, channel, fallback: false));
            foreach (var (_, address) in batch) await providers.WaitFor(receiver, address, s_patience);
            var took = TimeProvider.System.GetElapsedTime(began);
            if (took > slowest) slowest = took;
            Assert.Contains($"\"{channel}\":{{\"circuit\":\"closed\"}}", await api.GetText("/readyz"), StringComparison.Ordinal);
            await round.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        // An open circuit is tried after 10 s at the soonest.
        Assert.True(slowest < s_atOnce, $"five good ones took {slowest}");
        foreach (var ((user, _), id) in good.Zip(ids))
        {
            var sent = await api.WaitFor(user, id, "sent", s_patience);
            Assert.Single(sent.GetProperty("events").EnumerateArray(), each => each.GetProperty("type").GetString() == "attempt");
        }

        Assert.DoesNotContain("The circuit of", host.Output, StringComparison.Ordinal);

        Task Set(string user, string address) => isMail ? api.SetUser(user, email: address) : api.SetUser(user, chat: address);
    }
}
