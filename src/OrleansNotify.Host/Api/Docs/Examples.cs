using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using OrleansNotify.Host.Api.Campaigns;
using OrleansNotify.Host.Api.DeadLetters;
using OrleansNotify.Host.Api.Json;
using OrleansNotify.Host.Api.Messages;
using OrleansNotify.Host.Api.Templates;
using OrleansNotify.Host.Api.Users;

namespace OrleansNotify.Host.Api.Docs;

/// <summary>An example of each route's body and answer, by operation: real values of the real types.</summary>
internal static class Examples
{
    private static readonly Guid s_id = new("019be2b6-7c1e-7a53-9d0e-3f6a2b8c4d10");
    private static readonly DateTimeOffset s_at = new(2026, 1, 31, 9, 30, 0, TimeSpan.Zero);

    private static readonly TemplateVars s_vars = TemplateVars.Parse("""
        {"instrument": "EURUSD", "side": "buy", "entry_price": 1.0842, "current_price": 1.0791, "loss_amount": 510, "broker_ticket": "84311275"}
        """);

    private static readonly MessageBody s_message = new()
    {
        UserId = "u-1842",
        TemplateName = "position_failure_sl",
        TemplateVars = s_vars,
        Channel = Channel.Push,
        IdempotencyKey = "sl-84311275",
    };

    private static readonly Receipt s_receipt = new() { MessageId = s_id, Status = ReceiptStatus.Accepted };

    private static readonly Explanation s_explanation = new()
    {
        Receipt = new() { Status = ReceiptStatus.Deferred, Reason = Reasons.QuietHours, DeliverAt = s_at.AddHours(2) },
        Gates =
        [
            new() { Gate = "template", Verdict = GateVerdict.Pass },
            new() { Gate = "channel", Verdict = GateVerdict.Pass },
            new() { Gate = "quiet_hours", Verdict = GateVerdict.Defer, Reason = Reasons.QuietHours, Until = s_at.AddHours(2) },
            new() { Gate = "outbox", Verdict = GateVerdict.Pass },
        ],
        Plan = [Channel.Push, Channel.Telegram],
        Channels =
        [
            new() { Channel = Channel.Push, Circuit = CircuitState.Closed, WaitingBefore = 0 },
            new() { Channel = Channel.Telegram, Circuit = CircuitState.Closed, WaitingBefore = 12, PermitWaitMs = 350 },
            new() { Channel = Channel.Email, Obstacle = Reasons.NoAddress, Circuit = CircuitState.Closed },
        ],
    };

    private static readonly MessageView s_view = new()
    {
        MessageId = s_id,
        UserId = "u-1842",
        TemplateName = "position_failure_sl",
        Priority = Priority.Transactional,
        Status = MessageStatus.Sent,
        Channel = Channel.Push,
        Plan = [Channel.Push, Channel.Telegram, Channel.Email],
        CreatedAt = s_at,
        Events =
        [
            new() { At = s_at, Type = MessageEventType.Accepted },
            new() { At = s_at.AddMilliseconds(2), Type = MessageEventType.Attempt, Channel = Channel.Push, Outcome = "sent", DurationMs = 41 },
            new() { At = s_at.AddMilliseconds(43), Type = MessageEventType.Sent, Channel = Channel.Push },
        ],
    };

    private static readonly UserView s_user = new()
    {
        Email = "ada@b.example",
        TelegramChatId = "123456",
        Locale = "en",
        Disabled = [new() { Channel = Channel.Email, Reason = "bounce 550 5.1.1", At = s_at }],
        PushSubscriptions = [new() { Id = "3kq0bK8w9sQ5u1mB7n2XyA", EndpointHost = "updates.push.services.mozilla.com", CreatedAt = s_at }],
    };

    private static readonly Preferences s_preferences = new()
    {
        InstrumentsEnabled = ["EURUSD", "XAUUSD"],
        UnsubscribedTypes = ["education"],
        QuietHours = new() { Enabled = true, TimeZone = "Europe/London" },
    };

    private static readonly PushSubscription s_device = new()
    {
        Endpoint = "https://updates.push.services.mozilla.com/wpush/v2/gAAAAABn…",
        Keys = new() { P256dh = "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM", Auth = "tBHItJI5svbpez7KI4CCXg" },
    };

    private static readonly DeadLetterView s_letter = new()
    {
        Id = $"{s_id:N}-1",
        MessageId = s_id,
        UserId = "u-1842",
        TemplateName = "position_failure_sl",
        Priority = Priority.Transactional,
        Channel = Channel.Email,
        Reason = "timeout",
        CreatedAt = s_at,
        FailedAt = s_at.AddSeconds(41),
        Events = [new() { At = s_at, Type = MessageEventType.Accepted }, new() { At = s_at.AddSeconds(41), Type = MessageEventType.DeadLettered, Detail = "timeout" }],
    };

    private static readonly RedriveView s_redrive = new()
    {
        RedriveId = s_id,
        Status = RedriveStatus.Running,
        Total = 1200,
        Remaining = 300,
        StartedAt = s_at,
        By = "ops",
    };

    private static readonly CampaignBody s_campaign = new()
    {
        Name = "July's welcome",
        TemplateName = "welcome",
        Channel = Channel.Email,
        Rate = 6000,
        IdempotencyKey = "welcome-2026-07",
        Audience =
        [
            new() { UserId = "u-1842", Vars = TemplateVars.Parse("""{"name": "Ada"}""") },
            new() { UserId = "u-1843", Vars = TemplateVars.Parse("""{"name": "Bob"}""") },
        ],
    };

    private static readonly CampaignView s_progress = new()
    {
        CampaignId = s_id,
        Name = "July's welcome",
        Status = CampaignStatus.Running,
        Targeted = 10_000,
        Sent = 4200,
        Skipped = 300,
        Deferred = 120,
        Waiting = 5375,
        Retrying = 2,
        DeadLettered = 3,
        Expired = 0,
        Cancelled = 0,
        Remaining = 5497,
        RatePerSecond = 98.5,
        EstimatedEnd = s_at,
        SkippedByReason = Counts((Reasons.Unsubscribed, 280), (Reasons.NoAddress, 20)),
        SentByChannel = Counts(("email", 4200)),
        TemplateName = "welcome",
        CreatedAt = s_at,
    };

    private static readonly Dictionary<string, (object? Body, object? Answer)> s_all = new()
    {
        ["sendMessage"] = (s_message, s_receipt),
        ["explainMessage"] = (s_message, s_explanation),
        ["sendMessages"] = (new[] { s_message, s_message with { UserId = "u-1843" } }, new[]
        {
            s_receipt,
            new Receipt { Status = ReceiptStatus.Skipped, Reason = Reasons.NoAddress },
        }),
        ["sendTest"] = (
            new TestBody { UserId = "u-1842", Channel = Channel.Telegram, TemplateName = "position_failure_sl", TemplateVars = s_vars },
            new TestReport(TestStatus.Sent, s_id, 184, null)),
        ["getUser"] = (null, s_user),
        ["putUser"] = (new UserBody { Email = "ada@b.example", TelegramChatId = new ChatNumber("123456"), Locale = "en" }, s_user with { Disabled = [] }),
        ["patchUser"] = (new JsonObject { ["locale"] = "en" }, s_user),
        ["enableAddress"] = (null, s_user with { Disabled = [] }),
        ["exportUser"] = (null, new UserExport
        {
            UserId = "u-1842",
            User = s_user,
            Preferences = s_preferences,
            Devices = [new("3kq0bK8w9sQ5u1mB7n2XyA", s_device.Endpoint, s_at)],
            GoneAddresses = [new(Channel.Email, "ada@b.example", "bounce 550 5.1.1", s_at)],
            Messages = [new(s_view, s_vars)],
            IdempotencyKeys = [new("sl-84311275", s_id, s_at)],
            Campaigns = [new(s_id, "sent:email", null)],
        }),
        ["listTemplateTypes"] = (null, new Page<TemplateType>
        {
            Items = [new("education", "One short lesson a day.", true, false), new("onboarding", "The first message after signing up.", true, false)],
        }),
        ["getPreferences"] = (null, s_preferences),
        ["putPreferences"] = (s_preferences, s_preferences),
        ["patchPreferences"] = (new JsonObject { ["quiet_hours"] = new JsonObject { ["enabled"] = true, ["time_zone"] = "Europe/London" } }, s_preferences),
        ["addPushSubscription"] = (s_device, new PushDeviceId("3kq0bK8w9sQ5u1mB7n2XyA")),
        ["listMessages"] = (null, new Page<MessageView> { Items = [s_view] }),
        ["getMessage"] = (null, s_view),
        ["listDeadLetters"] = (null, new Page<DeadLetterView> { Items = [s_letter] }),
        ["groupDeadLetters"] = (null, new Page<DeadLetterGroup>
        {
            Items = [new() { Channel = Channel.Email, Reason = "timeout", TemplateName = "position_failure_sl", Count = 1200 }],
        }),
        ["getDeadLetter"] = (null, s_letter with { TemplateVars = s_vars }),
        ["redriveDeadLetter"] = (null, new RedriveReport(RedriveResult.Redriven)),
        ["redriveDeadLetters"] = (new RedriveBody { Channel = Channel.Email, Reason = "timeout", From = s_at }, new RedriveCount(s_id, 1200)),
        ["getRedrive"] = (null, s_redrive),
        ["createCampaign"] = (s_campaign, new CampaignReceipt
        {
            CampaignId = s_id,
            Queued = 9998,
            Failed = 2,
            Errors = [new(17, "vars.name: Is required."), new(4210, "duplicate_recipient")],
        }),
        ["previewCampaign"] = (s_campaign, new CampaignPreview(
            98,
            ImmutableSortedDictionary<string, int>.Empty.Add("accepted", 90).Add("skipped", 8),
            ImmutableSortedDictionary<string, int>.Empty.Add(Reasons.Unsubscribed, 8),
            [new(17, "vars.name: Is required."), new(42, "duplicate_recipient")])),
        ["listCampaigns"] = (null, new Page<CampaignView> { Items = [s_progress] }),
        ["listCampaignRecipients"] = (null, new Page<CampaignRecipientView>
        {
            Items =
            [
                new() { UserId = "u-1842", State = CampaignRecipientState.Sent, Channel = Channel.Email, MessageId = s_id },
                new() { UserId = "u-1843", State = CampaignRecipientState.Skipped, Reason = Reasons.NoAddress },
            ],
        }),
        ["getCampaign"] = (null, s_progress),
        ["pauseCampaign"] = (null, s_progress with { Status = CampaignStatus.Paused }),
        ["resumeCampaign"] = (null, s_progress),
        ["cancelCampaign"] = (null, s_progress with { Status = CampaignStatus.Cancelled, Waiting = 0, Deferred = 0, Cancelled = 5495, Remaining = 2 }),
        ["getPushPublicKey"] = (null, new PushPublicKey("BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM")),
        ["previewTemplate"] = (new PreviewBody { TemplateVars = TemplateVars.Parse("""{"instrument": "XAUUSD"}"""), Channel = Channel.Telegram }, null),
    };

    private static ImmutableSortedDictionary<string, long> Counts(params (string Word, long Count)[] counts) =>
        counts.ToImmutableSortedDictionary(each => each.Word, each => each.Count, StringComparer.Ordinal);

    public static void AddTo(OpenApiOperation operation)
    {
        if (operation.OperationId is not { } id || !s_all.TryGetValue(id, out var example)) return;
        Show(operation.RequestBody?.Content, example.Body);
        foreach (var (_, response) in operation.Responses?.Where(response => response.Key.StartsWith('2')) ?? []) Show(response.Content, example.Answer);
    }

    private static void Show(IDictionary<string, OpenApiMediaType>? content, object? example)
    {
        if (content is null || example is null) return;
        foreach (var media in content.Values) media.Example = JsonSerializer.SerializeToNode(example, NotifyJson.Options);
    }
}
