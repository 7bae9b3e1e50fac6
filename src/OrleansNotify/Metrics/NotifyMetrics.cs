using OrleansNotify.Delivery;
using OrleansNotify.Storage;
using OrleansNotify.Templates;
using Prometheus;

namespace OrleansNotify.Metrics;

/// <summary>All metrics of a silo. No label takes a user, a message or free text.</summary>
internal sealed class NotifyMetrics
{
    private static readonly double[] Seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];
    private static readonly double[] LongSeconds = [.. Seconds, 600, 3600, 14_400, 43_200, 86_400];

    private readonly BoundedLabel _reasons = new(200);
    private readonly Counter _enqueued, _sent, _failed, _positionAlerts, _emailFailures, _telegramErrors, _retries, _deferred, _deadLetters;
    private readonly Counter _emails, _telegrams, _pushes, _expired;
    private readonly Histogram _duration, _emailDuration, _acceptedToSent;
    private readonly Gauge _depth, _oldest, _circuit;

    public NotifyMetrics(CollectorRegistry registry)
    {
        var factory = Prometheus.Metrics.WithCustomRegistry(registry);
        _enqueued = factory.CreateCounter("messages_enqueued_total", "Accepted messages, by the plan's first channel.", "priority", "channel");
        _sent = factory.CreateCounter("messages_sent_total", "Messages that a provider took over.", "channel", "type");
        _failed = factory.CreateCounter("message_fail_total", "Failed attempts.", "reason", "channel");
        _duration = Durations(factory, "message_send_duration_seconds", "How long a provider took for an attempt.", Seconds, "channel");
        _positionAlerts = factory.CreateCounter("position_failure_alerts_sent_total", "Position-failure alerts that a provider took over.", "type", "channel");
        _emails = factory.CreateCounter("emails_sent_total", "Mails that the mail server took over.");
        _emailDuration = Durations(factory, "email_send_duration_seconds", "How long the mail server took for an attempt.", Seconds);
        _emailFailures = factory.CreateCounter("email_failures_total", "Failed attempts by email.", "reason");
        _telegrams = factory.CreateCounter("telegram_messages_sent_total", "Messages that the Bot API took over.");
        _telegramErrors = factory.CreateCounter("telegram_api_errors_total", "Failed attempts over the Bot API.", "error_type");
        _pushes = factory.CreateCounter("push_notifications_sent_total", "Pushes that at least one push service took over.");
        _expired = factory.CreateCounter("push_subscription_expired_total", "Push subscriptions that their service said are gone.");
        _retries = factory.CreateCounter("message_retries_total", "Attempts that were not the first on their channel.", "channel");
        _deferred = factory.CreateCounter("messages_deferred_total", "Messages held until a time.", "reason");
        _deadLetters = factory.CreateCounter("dead_letters_total", "Messages that became dead letters.", "channel", "reason");
        _acceptedToSent = Durations(factory, "message_accept_to_sent_seconds", "From the accept to the provider's yes.", LongSeconds, "channel");
        _depth = factory.CreateGauge("lane_depth", "Messages that wait in a lane.", "priority", "channel");
        _oldest = factory.CreateGauge("lane_oldest_seconds", "How long the first message of a lane has waited.", "priority", "channel");
        _circuit = factory.CreateGauge("circuit_open", "1 while a channel's circuit is not closed.", "channel");
    }

    /// <summary>A message was accepted.</summary>
    public void Enqueued(Priority priority, Channel channel) => _enqueued.WithLabels(Keys.Name(priority), Keys.Name(channel)).Inc();

    /// <summary>An attempt has ended.</summary>
    public void Attempted(Channel channel, OutcomeKind kind, string reason, TimeSpan duration, TemplateManifest manifest)
    {
        var name = Keys.Name(channel);
        _duration.WithLabels(name).Observe(duration.TotalSeconds);
        if (channel == Channel.Email) _emailDuration.Observe(duration.TotalSeconds);
        if (kind != OutcomeKind.Sent)
        {
            Failed(channel, name, _reasons.Of(reason));
            return;
        }

        _sent.WithLabels(name, manifest.Type).Inc();
        if (manifest.PositionFailure is { } failure) _positionAlerts.WithLabels(failure, name).Inc();
        (channel switch { Channel.Email => _emails, Channel.Telegram => _telegrams, _ => _pushes }).Inc();
    }

    private void Failed(Channel channel, string name, string reason)
    {
        _failed.WithLabels(reason, name).Inc();
        if (channel == Channel.Email) _emailFailures.WithLabels(reason).Inc();
        if (channel == Channel.Telegram) _telegramErrors.WithLabels(reason).Inc();
    }

    /// <summary>An attempt that is not the first on its channel has begun.</summary>
    public void Retried(Channel channel) => _retries.WithLabels(Keys.Name(channel)).Inc();

    /// <summary>A message is held until a time: <c>quiet_hours</c> or <c>send_at</c>.</summary>
    public void Deferred(string reason) => _deferred.WithLabels(reason).Inc();

    /// <summary>A message has settled.</summary>
    public void Settled(Users.Message message, DateTimeOffset at)
    {
        var channel = message.Channel is { } last ? Keys.Name(last) : "none";
        if (message.Status == MessageStatus.Sent) _acceptedToSent.WithLabels(channel).Observe((at - message.CreatedAt).TotalSeconds);
        if (message.Status == MessageStatus.DeadLettered) _deadLetters.WithLabels(channel, _reasons.Of(message.Reason!)).Inc();
    }

    /// <summary>Push services said that subscriptions are gone.</summary>
    public void SubscriptionsExpired(int count) => _expired.Inc(count);

    /// <summary>How a lane stands; told by the silo that has the channel's grain.</summary>
    public void LaneDepth(Channel channel, Priority priority, long depth, TimeSpan oldest)
    {
        _depth.WithLabels(Keys.Name(priority), Keys.Name(channel)).Set(depth);
        _oldest.WithLabels(Keys.Name(priority), Keys.Name(channel)).Set(oldest.TotalSeconds);
    }

    /// <summary>Whether a channel's circuit is open; told by the silo that has the channel's grain.</summary>
    public void Circuit(Channel channel, bool open) => _circuit.WithLabels(Keys.Name(channel)).Set(open ? 1 : 0);

    private static Histogram Durations(MetricFactory factory, string name, string help, double[] buckets, params string[] labels) =>
        factory.CreateHistogram(name, help, labels, new HistogramConfiguration { Buckets = buckets });
}
