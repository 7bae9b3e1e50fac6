using OrleansNotify.Delivery;
using OrleansNotify.Storage;
using OrleansNotify.Templates;
using OrleansNotify.Users;
using Prometheus;

namespace OrleansNotify.Metrics;

/// <summary>All metrics of a silo. No label takes a user, a message or free text; to count allocates nothing.</summary>
internal sealed class NotifyMetrics
{
    private const int MostReasons = 200;
    private const string NoChannel = "none";

    private static readonly double[] Seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];
    private static readonly double[] LongSeconds = [.. Seconds, 600, 3600, 14_400, 43_200, 86_400];
    private static readonly Channel[] Channels = Enum.GetValues<Channel>();

    private static readonly string[] SkipReasons =
    [
        Reasons.Unsubscribed, Reasons.AlertTypeDisabled, Reasons.InstrumentDisabled, Reasons.ChannelDisabled, Reasons.NoAddress,
        Reasons.ChannelNotConfigured, Reasons.ExpiresBeforeDelivery, Reasons.UnknownUser,
    ];

    private static readonly (string State, Func<CampaignView, long> Count)[] RecipientStates =
    [
        ("sent", view => view.Sent), ("skipped", view => view.Skipped), ("deferred", view => view.Deferred), ("waiting", view => view.Waiting),
        ("retrying", view => view.Retrying), ("dead_lettered", view => view.DeadLettered), ("expired", view => view.Expired), ("cancelled", view => view.Cancelled),
    ];

    // What any channel's attempts may fail by; what a provider's own codes say beside them is seen when it comes.
    private static readonly string[] Failures = ["timeout", "connect", "cut", "tls", "5xx", "429", "unlisted", "template", "internal_error", BoundedLabel.Other];

    private static readonly string[] LetterReasons = [.. Failures, Reasons.TooOld, Reasons.TemplateChanged, Reasons.Poison, Reasons.PlanExhausted];

    private readonly BoundedLabel _reasons = new(MostReasons), _refusals = new(MostReasons);
    private readonly Series<(Priority, Channel), Counter.Child> _enqueued;
    private readonly Series<(Channel, string), Counter.Child> _sent, _failed, _positionAlerts;
    private readonly Series<(string, string), Counter.Child> _deadLetters;
    private readonly Series<Channel, Histogram.Child> _duration, _acceptedToSent;
    private readonly Series<string, Counter.Child> _emailFailures, _telegramErrors, _deferred, _skipped, _refused;
    private readonly Series<Channel, Counter.Child> _retries;
    private readonly Series<(Priority, Channel), Gauge.Child> _depth, _oldest;
    private readonly Series<Channel, Gauge.Child> _circuit, _running;
    private readonly Series<string, Gauge.Child> _recipients;
    private readonly Gauge _campaigns, _storeWritable;
    private readonly Counter _emails, _telegrams, _pushes, _expired;
    private readonly Histogram _emailDuration;

    /// <param name="registry">Where Prometheus reads them.</param>
    /// <param name="types">The manifests' types.</param>
    public NotifyMetrics(CollectorRegistry registry, IEnumerable<string>? types = null)
    {
        var make = Prometheus.Metrics.WithCustomRegistry(registry);
        make.ExemplarBehavior = ExemplarBehavior.NoExemplars();
        var lanes = Enum.GetValues<Priority>().SelectMany(priority => Channels.Select(channel => (priority, channel)));

        var enqueued = make.CreateCounter("messages_enqueued_total", "Accepted messages, by the plan's first channel.", "priority", "channel");
        _enqueued = new Series<(Priority Of, Channel On), Counter.Child>(key => enqueued.WithLabels(Keys.Name(key.Of), Keys.Name(key.On))).StartAtZero(lanes);
        var sent = make.CreateCounter("messages_sent_total", "Messages that a provider took over.", "channel", "type");
        _sent = new Series<(Channel On, string Type), Counter.Child>(key => sent.WithLabels(Keys.Name(key.On), key.Type)).StartAtZero(OnEach(types ?? []));
        var failed = make.CreateCounter("message_fail_total", "Failed attempts.", "reason", "channel");
        _failed = new Series<(Channel On, string Reason), Counter.Child>(key => failed.WithLabels(key.Reason, Keys.Name(key.On))).StartAtZero(OnEach(Failures));
        _duration = ByChannel(Durations(make, "message_send_duration_seconds", "How long a provider took for an attempt.", Seconds, "channel"));
        var alerts = make.CreateCounter(
            "position_failure_alerts_sent_total", "Position-failure alerts that a provider took over.", "type", "channel");
        _positionAlerts = new Series<(Channel On, string Of), Counter.Child>(key => alerts.WithLabels(key.Of, Keys.Name(key.On)))
            .StartAtZero(OnEach(ManifestReader.PositionFailures));

        _emails = make.CreateCounter("emails_sent_total", "Mails that the mail server took over.");
        _emailDuration = Durations(make, "email_send_duration_seconds", "How long the mail server took for an attempt.", Seconds);
        var emailFailures = make.CreateCounter("email_failures_total", "Failed attempts by email.", "reason");
        _emailFailures = new Series<string, Counter.Child>(reason => emailFailures.WithLabels(reason)).StartAtZero(Failures);
        _telegrams = make.CreateCounter("telegram_messages_sent_total", "Messages that the Bot API took over.");
        var telegramErrors = make.CreateCounter("telegram_api_errors_total", "Failed attempts over the Bot API.", "error_type");
        _telegramErrors = new Series<string, Counter.Child>(reason => telegramErrors.WithLabels(reason)).StartAtZero(Failures);
        _pushes = make.CreateCounter("push_notifications_sent_total", "Pushes that at least one push service took over.");
        _expired = make.CreateCounter("push_subscription_expired_total", "Push subscriptions that their service said are gone.");

        var retries = make.CreateCounter("message_retries_total", "Attempts that were not the first on their channel.", "channel");
        _retries = new Series<Channel, Counter.Child>(channel => retries.WithLabels(Keys.Name(channel))).StartAtZero(Channels);
        var deferred = make.CreateCounter("messages_deferred_total", "Messages held until a time.", "reason");
        _deferred = new Series<string, Counter.Child>(reason => deferred.WithLabels(reason)).StartAtZero([Reasons.QuietHours, Reasons.SendAt]);
        var skipped = make.CreateCounter("messages_skipped_total", "Requests, campaigns' recipients and messages that were skipped.", "reason");
        _skipped = new Series<string, Counter.Child>(reason => skipped.WithLabels(reason)).StartAtZero(SkipReasons);
        var deadLetters = make.CreateCounter("dead_letters_total", "Messages that became dead letters.", "channel", "reason");
        _deadLetters = new Series<(string On, string Reason), Counter.Child>(key => deadLetters.WithLabels(key.On, key.Reason))
            .StartAtZero(LetterReasons.SelectMany(reason => Channels.Select(Keys.Name).Append(NoChannel).Select(channel => (channel, reason))));
        _acceptedToSent = ByChannel(
            Durations(make, "message_accept_to_sent_seconds", "From the accept to the provider's yes.", LongSeconds, "channel"));

        var refused = make.CreateCounter("requests_refused_total", "Requests that were answered with 408, 429 or 503: they may be asked again.", "reason");
        _refused = new Series<string, Counter.Child>(reason => refused.WithLabels(reason)).StartAtZero(Refusals.All);
        _storeWritable = make.CreateGauge("store_writable", "1 while the store takes writes.");

        var depth = make.CreateGauge("lane_depth", "Messages that wait in a lane.", "priority", "channel");
        _depth = new(key => depth.WithLabels(Keys.Name(key.Item1), Keys.Name(key.Item2)));
        var oldest = make.CreateGauge("lane_oldest_seconds", "How long the first message of a lane has waited.", "priority", "channel");
        _oldest = new(key => oldest.WithLabels(Keys.Name(key.Item1), Keys.Name(key.Item2)));
        var circuit = make.CreateGauge("circuit_open", "1 while a channel's circuit is not closed.", "channel");
        _circuit = new(channel => circuit.WithLabels(Keys.Name(channel)));
        var running = make.CreateGauge("running_sends", "Attempts that this silo is making, or whose outcome is not stored yet.", "channel");
        _running = new Series<Channel, Gauge.Child>(channel => running.WithLabels(Keys.Name(channel))).StartAtZero(Channels);

        _campaigns = make.CreateGauge("campaigns_running", "Campaigns that run, whose grain is on this silo.");
        var recipients = make.CreateGauge("campaign_recipients", "Recipients of those campaigns, by where they stand.", "state");
        _recipients = new Series<string, Gauge.Child>(state => recipients.WithLabels(state)).StartAtZero(RecipientStates.Select(each => each.State));
    }

    /// <summary>A message was accepted.</summary>
    public void Enqueued(Priority priority, Channel channel) => _enqueued[(priority, channel)].Inc();

    /// <summary>An attempt has ended.</summary>
    public void Attempted(Channel channel, OutcomeKind kind, string reason, TimeSpan duration, TemplateManifest manifest)
    {
        _duration[channel].Observe(duration.TotalSeconds);
        if (channel == Channel.Email) _emailDuration.Observe(duration.TotalSeconds);
        if (kind != OutcomeKind.Sent)
        {
            Failed(channel, _reasons.Of(reason));
            return;
        }

        _sent[(channel, manifest.Type)].Inc();
        if (manifest.PositionFailure is { } failure) _positionAlerts[(channel, failure)].Inc();
        (channel switch { Channel.Email => _emails, Channel.Telegram => _telegrams, _ => _pushes }).Inc();
    }

    private void Failed(Channel channel, string reason)
    {
        _failed[(channel, reason)].Inc();
        if (channel == Channel.Email) _emailFailures[reason].Inc();
        if (channel == Channel.Telegram) _telegramErrors[reason].Inc();
    }

    /// <summary>An attempt that is not the first on its channel has begun.</summary>
    public void Retried(Channel channel) => _retries[channel].Inc();

    /// <summary>A message is held until a time: <c>quiet_hours</c> or <c>send_at</c>.</summary>
    public void Deferred(string reason) => _deferred[reason].Inc();

    /// <summary>A request was skipped, or a message when it woke.</summary>
    public void Skipped(string reason) => _skipped[reason].Inc();

    /// <summary>A message has settled.</summary>
    public void Settled(Message message, DateTimeOffset at)
    {
        if (message.Status == MessageStatus.Sent) _acceptedToSent[message.Channel!.Value].Observe((at - message.CreatedAt).TotalSeconds);
        if (message.Status == MessageStatus.Skipped) Skipped(message.Reason!);
        if (message.Status != MessageStatus.DeadLettered) return;
        _deadLetters[(message.Channel is { } last ? Keys.Name(last) : NoChannel, _reasons.Of(message.Reason!))].Inc();
    }

    /// <summary>A request was refused, for a reason that may pass: one of <see cref="Refusals"/>.</summary>
    public void Refused(string reason) => _refused[_refusals.Of(reason)].Inc();

    /// <summary>Whether the store takes writes.</summary>
    public void StoreWritable(bool writable) => _storeWritable.Set(writable ? 1 : 0);

    /// <summary>Push services said that subscriptions are gone.</summary>
    public void SubscriptionsExpired(int count) => _expired.Inc(count);

    /// <summary>How many attempts this silo is making over a channel has changed.</summary>
    public void Running(Channel channel, int change) => _running[channel].Inc(change);

    /// <summary>How a lane stands; told by the silo that has the channel's grain.</summary>
    public void LaneDepth(Channel channel, Priority priority, long depth, TimeSpan oldest)
    {
        _depth[(priority, channel)].Set(depth);
        _oldest[(priority, channel)].Set(oldest.TotalSeconds);
    }

    /// <summary>Whether a channel's circuit is open; told by the silo that has the channel's grain.</summary>
    public void Circuit(Channel channel, bool open) => _circuit[channel].Set(open ? 1 : 0);

    /// <summary>A channel's grain has left this silo: what it told stands no longer.</summary>
    public void Forget(Channel channel)
    {
        foreach (var priority in Enum.GetValues<Priority>())
        {
            _depth[(priority, channel)].Unpublish();
            _oldest[(priority, channel)].Unpublish();
        }

        _circuit[channel].Unpublish();
    }

    /// <summary>How a campaign stands, and how it was told to stand before; null while it does not run, or runs on another silo.</summary>
    public void Campaign(CampaignView? before, CampaignView? after)
    {
        _campaigns.Inc((after is null ? 0 : 1) - (before is null ? 0 : 1));
        foreach (var (state, count) in RecipientStates)
            _recipients[state].Inc((after is null ? 0 : count(after)) - (before is null ? 0 : count(before)));
    }

    private static IEnumerable<(Channel On, string Of)> OnEach(IEnumerable<string> words) => words.SelectMany(word => Channels.Select(channel => (channel, word)));

    private static Series<Channel, Histogram.Child> ByChannel(Histogram histogram) =>
        new Series<Channel, Histogram.Child>(channel => histogram.WithLabels(Keys.Name(channel))).StartAtZero(Channels);

    private static Histogram Durations(MetricFactory make, string name, string help, double[] buckets, params string[] labels) =>
        make.CreateHistogram(name, help, labels, new HistogramConfiguration { Buckets = buckets });
}
