using System.Globalization;
using System.Text;
using OrleansNotify.Sandbox;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd.Faults;

/// <summary>What a run comes to: each message with its receipt, its deliveries and its timeline beside each other.</summary>
internal sealed class Ledger
{
    private static readonly TimeSpan s_justAfter = TimeSpan.FromSeconds(3);

    private readonly FaultSettings _settings;
    private readonly FaultNotes _notes;
    private readonly List<Asked> _accepted;
    private readonly Dictionary<string, int> _counts;
    private readonly ILookup<int, Delivered> _deliveries;
    private readonly Dictionary<string, int> _duplicates = [];
    private readonly List<string> _wrong = [];
    private readonly List<TimeSpan> _recoveries;

    private Ledger(FaultSettings settings, FaultCluster cluster, MessageStream stream, CampaignStream campaign, FaultNotes notes)
    {
        (_settings, _notes) = (settings, notes);
        List<Asked> all = [.. stream.All, .. campaign.All];
        _accepted = [.. all.Where(asked => asked.Receipt?.MessageId is not null)];
        _counts = all.GroupBy(asked => asked.Receipt?.MessageId is null ? "not_accepted" : $"{asked.View?.Status}")
            .ToDictionary(group => group.Key, group => group.Count());
        _deliveries = cluster.Providers.Inbox.Items.ToLookup(Asked.NumberOf);
        foreach (var asked in all) Check(asked);
        _wrong.AddRange(campaign.Wrong());
        _wrong.AddRange(notes.Wrong);
        _recoveries = [.. notes.Faults.Select(RecoveryOf).OfType<TimeSpan>().Order()];
    }

    /// <summary>What must not be; empty after a good run.</summary>
    public IReadOnlyList<string> Wrong => _wrong;

    public static async Task<Ledger> Make(FaultSettings settings, FaultCluster cluster, MessageStream stream, CampaignStream campaign, FaultNotes notes)
    {
        Ledger ledger = new(settings, cluster, stream, campaign, notes);
        if (cluster.Direct is { } redis) await ledger.CheckStore(redis.GetServers()[0], redis.GetDatabase());
        return ledger;
    }

    private void Check(Asked asked)
    {
        var deliveries = _deliveries[asked.Number].ToList();
        var name = $"message {asked.Number} ({asked.Fate}, {asked.User}, {asked.Receipt?.MessageId})";
        if (asked.Receipt?.MessageId is null)
        {
            if (asked.Receipt?.Status != ReceiptStatus.Skipped) _wrong.Add($"{name} has no receipt that counts: {asked.Receipt?.Status} {asked.Receipt?.Reason}");
            if (deliveries.Count > 0) _wrong.Add($"{name} was not accepted and was delivered");
            return;
        }

        if (asked.View is not { } view)
        {
            _wrong.Add($"{name} was accepted and is not there any more");
            return;
        }

        if (!MessageStream.IsSettled(view)) _wrong.Add($"{name} is stuck: {Tell(view)}");
        if (view.Status == MessageStatus.Sent && deliveries.Count == 0) _wrong.Add($"{name} is lost: it counts as sent and nobody got it: {Tell(view)}");
        if (asked.Fate is Fate.Plain or Fate.Deferred or Fate.Redriven && view.Status is not (MessageStatus.Sent or MessageStatus.DeadLettered))
            _wrong.Add($"{name} was not to end as {view.Status}: {Tell(view)}");
        // What the timeline owns up to: attempts that were sent, and those whose answer was lost.
        var told = view.Events.Count(entry => entry is { Type: MessageEventType.Attempt } && (entry.Outcome == "sent" || entry.MaybeDuplicate));
        if (view.Events.Count(entry => entry is { Type: MessageEventType.Attempt, Outcome: "sent" }) > 1) _wrong.Add($"{name} was settled as sent twice: {Tell(view)}");
        if (deliveries.Count > told) _wrong.Add($"{name} was delivered {deliveries.Count} times and tells of {told}: {Tell(view)}");
        if (deliveries.Count > 1) Explain(name, deliveries);
    }

    private void Explain(string name, List<Delivered> deliveries)
    {
        var (first, last) = (deliveries.Min(item => item.At), deliveries.Max(item => item.At));
        // The fault that was nearest to the first delivery, of those that were before the last.
        var cause = _notes.Faults.Where(fault => fault.From <= last && fault.To >= first).MinBy(fault => (fault.From - first).Duration());
        if (cause is null) _wrong.Add($"{name} was delivered {deliveries.Count} times, {first:HH:mm:ss.fff} to {last:HH:mm:ss.fff}, without a fault");
        var kind = cause is null ? "none" : string.Join(' ', cause.Name.Split(' ').Where(part => !part.StartsWith("host-", StringComparison.Ordinal)));
        _duplicates[kind] = _duplicates.GetValueOrDefault(kind) + deliveries.Count - 1;
    }

    // From the kill to the first delivery to somebody whose grain was on the host, a survivor's work; of messages that were asked for before
    // the kill or just after it.
    private TimeSpan? RecoveryOf(FaultNote kill)
    {
        var arrivals = _accepted.Where(asked => kill.Users.Contains(asked.User) && asked.At < kill.To + s_justAfter)
            .SelectMany(asked => _deliveries[asked.Number]).Where(item => item.At > kill.To).ToList();
        return arrivals.Count == 0 ? null : arrivals.Min(item => item.At) - kill.To;
    }

    private async Task CheckStore(StackExchange.Redis.IServer server, StackExchange.Redis.IDatabase redis)
    {
        // What is settled in the outbox may still lie in the agenda for a moment: a wake takes it away.
        string left = "";
        try
        {
            await Poll.Until(async () =>
            {
                List<string> found = [];
                await foreach (var key in server.KeysAsync(pattern: "notify/*"))
                {
                    var name = (string)key!;
                    if (name.Contains("/agenda:", StringComparison.Ordinal) || name.Contains("/lane:", StringComparison.Ordinal))
                        found.Add($"{name}: {string.Join(' ', (await redis.SortedSetRangeByRankAsync(key)).Select(member => (string?)member).Take(3))}");
                }

                left = string.Join(", ", found);
                return found.Count == 0;
            }, () => "", TimeSpan.FromSeconds(70));
        }
        catch (TimeoutException)
        {
            _wrong.Add($"the store still holds {left}");
        }
    }

    private static string Tell(MessageView view) => $"{view.Status} " + string.Join("; ", view.Events.Select(entry =>
        $"{entry.At:HH:mm:ss.fff} {entry.Type} {entry.Channel} {entry.Outcome} {entry.Detail}{(entry.MaybeDuplicate ? " (maybe duplicate)" : "")}"));

    public override string ToString()
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"Seed {_settings.Seed}, {_settings.Messages} messages and {_settings.Recipients} of a campaign, {(_settings.Embedded ? "one host with its own store" : $"{_settings.Hosts} hosts on Redis")}");
        text.AppendLine(CultureInfo.InvariantCulture, $"  accepted {_accepted.Count} = {string.Join(" + ", _counts.Where(count => count.Key != "not_accepted").OrderByDescending(count => count.Value).Select(count => $"{count.Key} {count.Value}"))}; skipped at once {_counts.GetValueOrDefault("not_accepted")}");
        text.AppendLine(CultureInfo.InvariantCulture, $"  deliveries {_deliveries.Sum(group => group.Count())}, of them duplicates {_duplicates.Values.Sum()}: {List(_duplicates)}");
        text.AppendLine(CultureInfo.InvariantCulture, $"  attempts: {List(_accepted.SelectMany(asked => asked.View?.Events ?? []).Where(entry => entry.Type == MessageEventType.Attempt)
            .GroupBy(entry => entry.Outcome == "unknown" ? $"unknown ({entry.Detail})" : entry.Outcome!).ToDictionary(group => group.Key, group => group.Count()))}");
        text.AppendLine(CultureInfo.InvariantCulture, $"  faults {_notes.Faults.Count}: {List(_notes.Faults.GroupBy(fault => fault.Name.Split(' ')[0]).ToDictionary(group => group.Key, group => group.Count()))}");
        text.AppendLine(CultureInfo.InvariantCulture, $"  answers: {List(_notes.Answers)}; slowest {_notes.Slowest.TotalSeconds:0.0} s");
        if (_recoveries.Count > 0)
            text.AppendLine(CultureInfo.InvariantCulture, $"  from a kill to the first delivery by a survivor: median {_recoveries[_recoveries.Count / 2].TotalSeconds:0.0} s, worst {_recoveries[^1].TotalSeconds:0.0} s ({_recoveries.Count} kills)");
        text.AppendLine(_wrong.Count == 0 ? "  nothing lost, nothing stuck, every duplicate explained" : $"  WRONG ({_wrong.Count}):");
        foreach (var wrong in _wrong) text.AppendLine("    " + wrong);
        return text.ToString();
    }

    private static string List(IReadOnlyDictionary<string, int> counts) =>
        counts.Count == 0 ? "none" : string.Join(", ", counts.OrderByDescending(count => count.Value).Select(count => $"{count.Key} {count.Value}"));
}
