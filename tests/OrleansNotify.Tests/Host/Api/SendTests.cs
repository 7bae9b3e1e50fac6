namespace OrleansNotify.Tests.Host.Api;

public sealed class SendTests
{
    private static readonly Guid Id = new("019be2b6-0000-7000-8000-000000000001");

    [Fact]
    public async Task A_request_reaches_its_user_whole_and_its_receipt_comes_back()
    {
        await using var api = await ApiHost.Start();
        api.Grains.User("u1").OnSend = _ => Task.FromResult(new Receipt
        {
            Status = ReceiptStatus.Deferred,
            MessageId = Id,
            Reason = Reasons.QuietHours,
            DeliverAt = new DateTimeOffset(2026, 1, 2, 9, 0, 0, TimeSpan.FromHours(2)),
        });
        var answer = await api.Ask("POST", "/api/v1/messages", """
            {"user_id": "u1", "template_name": "t", "template_vars": {"a": 1, "b": "Привет"}, "channel": "telegram", "priority": "campaign",
             "fallback": false, "idempotency_key": "k", "instrument": "EURUSD", "alert_type": "price", "send_at": "2026-01-02T10:00:00+02:00",
             "expires_at": "2026-01-03T00:00:00Z"}
            """);
        Assert.Equal(202, answer.Code);
        Assert.Equal($$"""{"message_id":"{{Id}}","status":"deferred","reason":"quiet_hours","deliver_at":"2026-01-02T07:00:00Z"}""", answer.Text);
        Assert.Equal(
            new SendRequest
            {
                TemplateName = "t",
                TemplateVars = TemplateVars.Parse("""{"a":1,"b":"Привет"}"""),
                Channel = Channel.Telegram,
                Priority = Priority.Campaign,
                Fallback = false,
                IdempotencyKey = "k",
                Instrument = "EURUSD",
                AlertType = "price",
                SendAt = new DateTimeOffset(2026, 1, 2, 8, 0, 0, TimeSpan.Zero),
                ExpiresAt = new DateTimeOffset(2026, 1, 3, 0, 0, 0, TimeSpan.Zero),
            },
            Assert.Single(api.Grains.User("u1").Sent));
    }
}
