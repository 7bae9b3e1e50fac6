using System.Text.Json;
using OrleansNotify.Benchmarks.Load;
using OrleansNotify.Delivery;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.Benchmarks.Rules;

/// <summary>
/// A mail server that fails at first: all messages arrive by the schedule, and nothing is left behind. First each message fails some times while
/// the channel's circuit stays closed, for no more than four people are concerned; then the server fails everybody, and the circuit opens.
/// </summary>
internal static class RecoverRun
{
    private const Channel Email = Channel.Email;

    /// <summary>Fewer than open a circuit, on one silo or on two.</summary>
    private const int People = FailureRun.Most - 1;

    /// <summary>Far from the 500 messages and 256 KiB of an outbox.</summary>
    private const int MostOfOne = 100;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    public static async Task<int> Run(int messages, int failures, TimeSpan outage)
    {
        await using var cluster = await RulesCluster.Start(
            Email, HostEnvironment.Unlimited.With(new Dictionary<string, string> { ["NOTIFY_HISTORY_MESSAGES"] = $"{messages + 1}" }));
        await cluster.CreateUsers(0, People + messages);
        var holds = Print(await Scheduled(cluster, messages, failures)) & Print(await Outage(cluster, messages, outage));
        if (holds) return 0;
        await Console.Error.WriteLineAsync(cluster.Output);
        return 1;
    }

    private static bool Print(RecoverReport report)
    {
        JsonLine.Print(report);
        return report.Holds;
    }

    private static async Task<RecoverReport> Scheduled(RulesCluster cluster, int messages, int failures)
    {
        for (var sent = 0; sent < messages; sent += People * MostOfOne)
        {
            var part = Math.Min(People * MostOfOne, messages - sent);
            foreach (var person in Enumerable.Range(0, People))
                await Fail(cluster, failures * Enumerable.Range(0, part).Count(number => number % People == person), Recipient.Email(person));
            await cluster.Send(Enumerable.Range(0, part).Select(number => number % People), Priority.Transactional);
            await cluster.Receiver.WaitFor(sent + part);
        }

        return await Look(cluster, "recover, schedule", messages, Enumerable.Range(0, People), null);
    }

    private static async Task<RecoverReport> Outage(RulesCluster cluster, int messages, TimeSpan outage)
    {
        await cluster.Receiver.Forget();
        await Fail(cluster, int.MaxValue, null);
        await cluster.Send(Enumerable.Range(People, messages), Priority.Transactional);
        await Task.Delay(outage, TimeProvider.System);
        await cluster.Receiver.Heal();
        var healed = TimeProvider.System.GetUtcNow();
        await Poll.Until(async () => (await cluster.Receiver.Arrivals()).Count >= messages, () => "arrival of every message", s_patience);
        return await Look(cluster, "recover, outage", messages, Enumerable.Range(People, messages), healed);
    }

    private static Task Fail(RulesCluster cluster, int times, string? to) =>
        cluster.Receiver.Fail(new { receiver = "email", kind = "reply", status = 451, text = "4.3.0 Try again later", stage = "rcpt_to", times, to });

    private static async Task<RecoverReport> Look(RulesCluster cluster, string mode, int messages, IEnumerable<int> people, DateTimeOffset? healed)
    {
        var arrivals = await cluster.Receiver.Arrivals();
        // The last outcomes are being stored.
        await Poll.Until(async () => await cluster.Store.AgendaEntries() == 0, () => "empty agenda", TimeSpan.FromSeconds(30));
        using var caller = cluster.CallerOf(0);
        List<double> early = [], late = [];
        var attempts = 0;
        foreach (var person in people)
        {
            foreach (var message in await caller.Messages(person))
            {
                var times = Attempts(message);
                attempts += times.Length;
                for (var failed = 1; failed < times.Length; failed++)
                {
                    var gap = (times[failed] - times[failed - 1]).TotalMilliseconds;
                    early.Add(gap - Backoff.After(failed, 0).TotalMilliseconds);
                    late.Add(gap - Backoff.After(failed, 1).TotalMilliseconds);
                }
            }
        }

        var (reminders, others) = await cluster.Store.Reminders();
        return new RecoverReport
        {
            Mode = mode,
            Messages = messages,
            Missing = messages - arrivals.Count,
            Attempts = attempts,
            EarliestMs = LoadRun.Round(early.Min())!.Value,
            LateMs = Percentiles.Of(late.Select(ms => TimeSpan.FromMilliseconds(Math.Max(0, ms)))),
            SecondsToLastAfterRecovery = healed is { } at ? LoadRun.Round((arrivals.Max(arrival => arrival.At) - at).TotalSeconds) : null,
            DeadLetters = await cluster.Store.DeadLetters(),
            AgendaEntries = await cluster.Store.AgendaEntries(),
            Reminders = reminders,
            OtherReminders = others,
        };
    }

    private static DateTimeOffset[] Attempts(JsonElement message) =>
    [
        .. message.GetProperty("events").EnumerateArray().Where(happened => happened.GetProperty("type").GetString() == "attempt")
            .Select(happened => happened.GetProperty("at").GetDateTimeOffset()),
    ];
}
