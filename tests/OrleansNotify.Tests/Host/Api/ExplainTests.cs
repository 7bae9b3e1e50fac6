namespace OrleansNotify.Tests.Host.Api;

public sealed class ExplainTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private const string Path = "/api/v1/messages/explain";
    private readonly ApiHost _api = fixture.Api;

    private Task<Answer> Explain(string user, Explanation explanation)
    {
        _api.Grains.User(user).Explanation = explanation;
        return _api.Ask("POST", Path, $$"""{"user_id":"{{user}}","template_name":"welcome","channel":"telegram"}""");
    }

    [Fact]
    public async Task Gates_plan_and_channels_are_answered_with_the_receipt()
    {
        var answer = await Explain("explained", new Explanation
        {
            Receipt = new Receipt { Status = ReceiptStatus.Rejected, Reason = Reasons.IdempotencyKeyReused },
            Gates =
            [
                new() { Gate = "duplicate", Verdict = GateVerdict.Stop, Reason = Reasons.IdempotencyKeyReused },
                new() { Gate = "send_at", Verdict = GateVerdict.Defer, Reason = Reasons.SendAt, Until = new DateTimeOffset(2026, 1, 2, 9, 0, 0, TimeSpan.Zero) },
            ],
            Channels = [new() { Channel = Channel.Telegram, Obstacle = Reasons.NoAddress, Circuit = CircuitState.Open }],
        });
        Assert.Equal(200, answer.Code);
        Assert.Equal(
            """
            {"receipt":{"message_id":null,"status":"rejected","reason":"idempotency_key_reused"},
            "gates":[{"gate":"duplicate","verdict":"stop","reason":"idempotency_key_reused"},
            {"gate":"send_at","verdict":"defer","reason":"send_at","until":"2026-01-02T09:00:00Z"}],
            "plan":[],"channels":[{"channel":"telegram","obstacle":"no_address","circuit":"open"}]}
            """.Replace("\n", "", StringComparison.Ordinal),
            answer.Text);
        Assert.Equal(Channel.Telegram, Assert.IsType<SendRequest>(Assert.Single(_api.Grains.User("explained").Asked)).Channel);
        Assert.Empty(_api.Grains.User("explained").Sent);
    }

    [Fact]
    public async Task What_cannot_be_asked_at_all_is_the_error_that_sending_it_would_be()
    {
        var unknown = await Explain("nobody", new Explanation { Receipt = new Receipt { Status = ReceiptStatus.Rejected, Reason = Reasons.UnknownUser } });
        Assert.Equal(Reasons.UnknownUser, unknown.IsProblem(404).Reason);
        var errors = new Dictionary<string, string[]> { ["template_vars.name"] = ["The template needs it."] };
        var wrong = await Explain("wrong", new Explanation { Receipt = new Receipt { Status = ReceiptStatus.Rejected, Errors = errors } });
        Assert.Equal(["template_vars.name"], wrong.IsProblem(400).Fields);
        Assert.Equal(["user_id"], (await _api.Ask("POST", Path, """{"user_id":"no body","template_name":"welcome"}""")).IsProblem(400).Fields);
    }
}
