using System.Globalization;
using System.Text;
using OrleansNotify.Campaigns;
using OrleansNotify.Delivery;
using OrleansNotify.Metrics;
using OrleansNotify.Templates;
using OrleansNotify.Tests.Campaigns;
using OrleansNotify.Users;
using Prometheus;

namespace OrleansNotify.Tests.Metrics;

/// <summary>Reads what Prometheus would read.</summary>
public class NotifyMetricsTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 10, 12, 0, 0, TimeSpan.Zero);

    private static readonly TemplateManifest StopLoss = new() { Name = "position_failure_sl", Type = "alert", PositionFailure = "sl", Variables = [] };
    private static readonly TemplateManifest Insight = new() { Name = "daily_insight", Type = "education", Variables = [] };

    private static readonly string[] OwnCounters = ["emails_sent_total", "telegram_messages_sent_total", "push_notifications_sent_total"];

    private readonly CollectorRegistry _registry = Prometheus.Metrics.NewCustomRegistry();
    private readonly NotifyMetrics _metrics;

    public NotifyMetricsTests() => _metrics = new(_registry);

    [Fact]
    public async Task An_accepted_message_counts_for_its_lane_and_first_channel()
    {
        _metrics.Enqueued(Priority.Transactional, Channel.Push);
        _metrics.Enqueued(Priority.Transactional, Channel.Push);
        _metrics.Enqueued(Priority.Campaign, Channel.Email);
        var text = await Exported();
        Assert.Equal("2", text["messages_enqueued_total{priority=\"transactional\",channel=\"push\"}"]);
        Assert.Equal("1", text["messages_enqueued_total{priority=\"campaign\",channel=\"email\"}"]);
        Assert.Equal("0", text["messages_enqueued_total{priority=\"campaign\",channel=\"telegram\"}"]);
    }

    [Theory]
    [InlineData(Channel.Email, "email", "emails_sent_total")]
    [InlineData(Channel.Telegram, "telegram", "telegram_messages_sent_total")]
    [InlineData(Channel.Push, "push", "push_notifications_sent_total")]
    public async Task A_sent_message_counts_by_type_and_for_its_channel(Channel channel, string name, string own)
    {
        _metrics.Attempted(channel, OutcomeKind.Sent, "", TimeSpan.FromMilliseconds(30), Insight);
        var text = await Exported();
        Assert.Equal("1", text[$"messages_sent_total{{channel=\"{name}\",type=\"education\"}}"]);
        Assert.Equal("1", text[own]);
        Assert.Single(OwnCounters, each => text[each] == "1");
        Assert.Equal("1", text[$"message_send_duration_seconds_count{{channel=\"{name}\"}}"]);
        Assert.Equal("0", text[$"message_send_duration_seconds_bucket{{channel=\"{name}\",le=\"0.025\"}}"]);
        Assert.Equal("1", text[$"message_send_duration_seconds_bucket{{channel=\"{name}\",le=\"0.05\"}}"]);
        Assert.Equal(channel == Channel.Email ? "1" : "0", text["email_send_duration_seconds_count"]);
        Assert.All(Series(text, "message_fail_total"), series => Assert.Equal("0", series.Value));
        Assert.All(Series(text, "position_failure_alerts_sent_total"), series => Assert.Equal("0", series.Value));
    }

    [Theory]
    [InlineData("entry")]
    [InlineData("sl")]
    [InlineData("tp")]
    public async Task A_position_failure_counts_by_its_kind(string kind)
    {
        _metrics.Attempted(Channel.Telegram, OutcomeKind.Sent, "", TimeSpan.Zero, StopLoss with { PositionFailure = kind });
        _metrics.Attempted(Channel.Telegram, OutcomeKind.Retry, "timeout", TimeSpan.Zero, StopLoss with { PositionFailure = kind });
        var text = await Exported();
        Assert.Equal("1", text[$"position_failure_alerts_sent_total{{type=\"{kind}\",channel=\"telegram\"}}"]);
        Assert.Equal(9, Series(text, "position_failure_alerts_sent_total").Count());
        Assert.Equal(8, Series(text, "position_failure_alerts_sent_total").Count(series => series.Value == "0"));
    }

    [Fact]
    public async Task Each_failed_attempt_counts_by_its_reason()
    {
        _metrics.Attempted(Channel.Email, OutcomeKind.Refused, "5.7.1", TimeSpan.FromSeconds(70), Insight);
        _metrics.Attempted(Channel.Telegram, OutcomeKind.AddressGone, "blocked", TimeSpan.FromSeconds(1), Insight);
        _metrics.Attempted(Channel.Push, OutcomeKind.Busy, "rate_limited", TimeSpan.FromSeconds(1), Insight);
        _metrics.Attempted(Channel.Push, OutcomeKind.Unknown, "something a server made up", TimeSpan.FromSeconds(1), Insight);
        var text = await Exported();
        Assert.Equal("1", text["message_fail_total{reason=\"5.7.1\",channel=\"email\"}"]);
        Assert.Equal("1", text["email_failures_total{reason=\"5.7.1\"}"]);
        Assert.Equal("1", text["message_fail_total{reason=\"blocked\",channel=\"telegram\"}"]);
        Assert.Equal("1", text["telegram_api_errors_total{error_type=\"blocked\"}"]);
        Assert.Equal("1", text["message_fail_total{reason=\"rate_limited\",channel=\"push\"}"]);
        Assert.Equal("1", text["message_fail_total{reason=\"other\",channel=\"push\"}"]);
        Assert.Single(Series(text, "email_failures_total"), series => series.Value != "0");
        Assert.Single(Series(text, "telegram_api_errors_total"), series => series.Value != "0");
        Assert.Empty(Series(text, "messages_sent_total"));
        Assert.Equal("1", text["email_send_duration_seconds_count"]);
        Assert.Equal("0", text["email_send_duration_seconds_bucket{le=\"60\"}"]);
        Assert.Equal("1", text["email_send_duration_seconds_bucket{le=\"120\"}"]);
    }

    [Fact]
    public async Task However_many_reasons_there_are_the_series_are_bounded()
    {
        for (var i = 0; i < 10_000; i++) _metrics.Attempted(Channel.Email, OutcomeKind.Rejected, $"5.{i}", TimeSpan.Zero, Insight);
        var text = await Exported();
        Assert.InRange(Series(text, "message_fail_total").Count(), 200, 250);
        Assert.Equal("9800", text["message_fail_total{reason=\"other\",channel=\"email\"}"]);
    }

    [Fact]
    public async Task What_settles_counts_its_time_or_its_reason()
    {
        var message = Accepted() with { Channel = Channel.Push };
        _metrics.Settled(message with { Status = MessageStatus.Sent }, Now.AddHours(2));
        _metrics.Settled(message with { Status = MessageStatus.DeadLettered, Channel = Channel.Email, Reason = "plan_exhausted" }, Now);
        _metrics.Settled(message with { Status = MessageStatus.DeadLettered, Channel = null, Reason = "too_old" }, Now);
        _metrics.Settled(message with { Status = MessageStatus.Cancelled }, Now);
        var text = await Exported();
        Assert.Equal("1", text["message_accept_to_sent_seconds_count{channel=\"push\"}"]);
        Assert.Equal("7200", text["message_accept_to_sent_seconds_sum{channel=\"push\"}"]);
        Assert.Equal("1", text["message_accept_to_sent_seconds_bucket{channel=\"push\",le=\"14400\"}"]);
        Assert.Equal("1", text["dead_letters_total{channel=\"email\",reason=\"plan_exhausted\"}"]);
        Assert.Equal("1", text["dead_letters_total{channel=\"none\",reason=\"too_old\"}"]);
        Assert.Equal(2, Series(text, "dead_letters_total").Count(series => series.Value != "0"));
    }

    [Fact]
    public async Task Every_pair_of_labels_that_can_be_known_is_there_from_the_start_so_that_its_first_event_is_a_rise()
    {
        var registry = Prometheus.Metrics.NewCustomRegistry();
        _ = new NotifyMetrics(registry, ["alert", "education"]);
        var text = await Exported(registry);
        foreach (var channel in (string[])["push", "telegram", "email"])
        {
            Assert.Equal("0", text[$"messages_sent_total{{channel=\"{channel}\",type=\"alert\"}}"]);
            foreach (var reason in (string[])["timeout", "connect", "cut", "5xx", "429", "unlisted", "other"])
                Assert.Equal("0", text[$"message_fail_total{{reason=\"{reason}\",channel=\"{channel}\"}}"]);
            foreach (var reason in (string[])["timeout", "too_old", "poison", "template_changed", "plan_exhausted", "other"])
                Assert.Equal("0", text[$"dead_letters_total{{channel=\"{channel}\",reason=\"{reason}\"}}"]);
        }

        Assert.Equal("0", text["dead_letters_total{channel=\"none\",reason=\"too_old\"}"]);
        Assert.Equal("0", text["email_failures_total{reason=\"timeout\"}"]);
        Assert.Equal("0", text["telegram_api_errors_total{error_type=\"429\"}"]);
        Assert.All(Refusals.All, reason => Assert.Equal("0", text[$"requests_refused_total{{reason=\"{reason}\"}}"]));
        // A counter that has labels and no series yet shows its type alone: its first event would be no rise.
        Assert.Empty(text["# counters without a series"]);
    }

    [Fact]
    public async Task Refused_requests_are_counted_by_reason_and_the_store_tells_whether_it_takes_writes()
    {
        _metrics.Refused(Reasons.HostBusy);
        _metrics.Refused("a sentence that somebody made up");
        _metrics.StoreWritable(true);
        var text = await Exported();
        Assert.Equal(("1", "1", "1"), (text["requests_refused_total{reason=\"host_busy\"}"], text["requests_refused_total{reason=\"other\"}"], text["store_writable"]));
        _metrics.StoreWritable(false);
        Assert.Equal("0", (await Exported())["store_writable"]);
    }

    [Fact]
    public async Task Retries_deferrals_expired_devices_and_running_sends_are_counted()
    {
        _metrics.Retried(Channel.Telegram);
        _metrics.Deferred(Reasons.QuietHours);
        _metrics.SubscriptionsExpired(3);
        _metrics.Running(Channel.Email, 1);
        _metrics.Running(Channel.Email, 1);
        _metrics.Running(Channel.Email, -1);
        var text = await Exported();
        Assert.Equal("1", text["message_retries_total{channel=\"telegram\"}"]);
        Assert.Equal("1", text["messages_deferred_total{reason=\"quiet_hours\"}"]);
        Assert.Equal("0", text["messages_deferred_total{reason=\"send_at\"}"]);
        Assert.Equal("3", text["push_subscription_expired_total"]);
        Assert.Equal("1", text["running_sends{channel=\"email\"}"]);
        Assert.Equal("0", text["running_sends{channel=\"push\"}"]);
    }

    [Fact]
    public async Task Campaigns_are_summed_up_while_they_run_here()
    {
        static CampaignView View(int sent, int waiting) => CampaignProgress.Of(
            Guid.Empty, new CampaignState { Settings = Audience.Insight, Upload = 1 }, CampaignStatus.Running,
            new Dictionary<string, long> { ["sent:email"] = sent, [RecipientState.New] = waiting }, 0, Now);
        Assert.Equal("0", (await Exported())["campaign_recipients{state=\"waiting\"}"]);

        _metrics.Campaign(null, View(1, 9));
        _metrics.Campaign(null, View(0, 5));
        _metrics.Campaign(View(1, 9), View(4, 6));
        var text = await Exported();
        Assert.Equal(("2", "4", "11"), (text["campaigns_running"], text["campaign_recipients{state=\"sent\"}"], text["campaign_recipients{state=\"waiting\"}"]));

        _metrics.Campaign(View(4, 6), null);
        _metrics.Campaign(null, null);
        text = await Exported();
        Assert.Equal(("1", "0", "5"), (text["campaigns_running"], text["campaign_recipients{state=\"sent\"}"], text["campaign_recipients{state=\"waiting\"}"]));
    }

    [Fact]
    public async Task A_lane_and_a_circuit_are_told_while_the_channels_grain_is_here()
    {
        Assert.Empty(Series(await Exported(), "lane_depth"));

        _metrics.LaneDepth(Channel.Telegram, Priority.Campaign, 20_000, TimeSpan.FromSeconds(90));
        _metrics.LaneDepth(Channel.Push, Priority.Transactional, 1, TimeSpan.Zero);
        _metrics.Circuit(Channel.Telegram, open: true);
        _metrics.Circuit(Channel.Push, open: false);
        var text = await Exported();
        Assert.Equal("20000", text["lane_depth{priority=\"campaign\",channel=\"telegram\"}"]);
        Assert.Equal("90", text["lane_oldest_seconds{priority=\"campaign\",channel=\"telegram\"}"]);
        Assert.Equal("1", text["circuit_open{channel=\"telegram\"}"]);

        _metrics.Forget(Channel.Telegram);
        text = await Exported();
        Assert.Equal(["lane_depth{priority=\"transactional\",channel=\"push\"}"], Series(text, "lane_depth").Select(series => series.Key));
        Assert.Equal(["circuit_open{channel=\"push\"}"], Series(text, "circuit_open").Select(series => series.Key));

        _metrics.LaneDepth(Channel.Telegram, Priority.Campaign, 5, TimeSpan.FromSeconds(1));
        Assert.Equal("5", (await Exported())["lane_depth{priority=\"campaign\",channel=\"telegram\"}"]);
    }

    [Fact]
    public void To_count_allocates_nothing()
    {
        var sent = Accepted() with { Channel = Channel.Push, Status = MessageStatus.Sent };
        var dead = Accepted() with { Status = MessageStatus.DeadLettered, Reason = "too_old" };
        for (var i = 0; i < 100; i++) Count();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) Count();
        // Less than a byte for each: the runtime itself may take a little.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);

        void Count()
        {
            _metrics.Enqueued(Priority.Campaign, Channel.Email);
            _metrics.Attempted(Channel.Telegram, OutcomeKind.Sent, "", TimeSpan.FromMilliseconds(3), StopLoss);
            _metrics.Attempted(Channel.Email, OutcomeKind.Retry, "timeout", TimeSpan.FromSeconds(3), StopLoss);
            _metrics.Attempted(Channel.Telegram, OutcomeKind.Retry, "timeout", TimeSpan.FromSeconds(3), StopLoss);
            _metrics.Retried(Channel.Push);
            _metrics.Deferred(Reasons.SendAt);
            _metrics.Settled(sent, Now);
            _metrics.Settled(dead, Now);
            _metrics.SubscriptionsExpired(1);
            _metrics.Running(Channel.Push, 1);
            _metrics.LaneDepth(Channel.Push, Priority.Transactional, 1, TimeSpan.Zero);
            _metrics.Circuit(Channel.Push, open: true);
            _metrics.Refused(Reasons.HostBusy);
            _metrics.StoreWritable(true);
        }
    }

    [Fact]
    public async Task Every_name_of_the_design_is_there()
    {
        _metrics.Attempted(Channel.Email, OutcomeKind.Sent, "", TimeSpan.Zero, StopLoss);
        _metrics.Attempted(Channel.Email, OutcomeKind.Retry, "timeout", TimeSpan.Zero, StopLoss);
        _metrics.Attempted(Channel.Telegram, OutcomeKind.Retry, "timeout", TimeSpan.Zero, StopLoss);
        var text = await Exported();
        Assert.All(
            [
                "messages_enqueued_total{priority=", "messages_sent_total{channel=", "message_fail_total{reason=",
                "message_send_duration_seconds_bucket{channel=", "position_failure_alerts_sent_total{type=", "emails_sent_total",
                "email_send_duration_seconds_bucket{le=", "email_failures_total{reason=", "telegram_messages_sent_total",
                "telegram_api_errors_total{error_type=", "push_notifications_sent_total", "push_subscription_expired_total",
            ],
            name => Assert.Contains(text.Keys, series => series.StartsWith(name, StringComparison.Ordinal)));
    }

    private static Message Accepted() => new()
    {
        Id = Guid.CreateVersion7(Now),
        UserId = "u",
        TemplateName = "daily_insight",
        Vars = TemplateVars.Empty,
        AlertType = "daily_insight",
        CreatedAt = Now,
        LifeEnds = Now.AddDays(1),
        Status = MessageStatus.Waiting,
        LookAt = Now,
    };

    private static IEnumerable<KeyValuePair<string, string>> Series(Dictionary<string, string> text, string name) =>
        text.Where(series => series.Key.StartsWith(name + "{", StringComparison.Ordinal));

    private Task<Dictionary<string, string>> Exported() => Exported(_registry);

    private static async Task<Dictionary<string, string>> Exported(CollectorRegistry registry)
    {
        using MemoryStream stream = new();
        await registry.CollectAndExportAsTextAsync(stream, TestContext.Current.CancellationToken);
        var lines = Encoding.UTF8.GetString(stream.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var text = lines
            .Where(line => line[0] != '#')
            .Select(line => line.Split(' '))
            .ToDictionary(parts => string.Join(' ', parts[..^1]), parts => decimal.Parse(parts[^1], CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture));
        text["# counters without a series"] = string.Join(' ', lines
            .Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal) && line.EndsWith(" counter", StringComparison.Ordinal))
            .Select(line => line.Split(' ')[2])
            .Where(name => !text.Keys.Any(series => series == name || series.StartsWith(name + "{", StringComparison.Ordinal))));
        return text;
    }
}
