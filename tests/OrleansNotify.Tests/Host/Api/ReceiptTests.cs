using OrleansNotify.Host.Auth;

namespace OrleansNotify.Tests.Host.Api;

public sealed class ReceiptTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private static readonly Guid Id = new("019be2b6-0000-7000-8000-000000000001");
    private readonly ApiHost _api = fixture.Api;

    private Task<Answer> Send(string user, Receipt receipt)
    {
        _api.Grains.User(user).OnSend = _ => Task.FromResult(receipt);
        return _api.Ask("POST", "/api/v1/messages", $$"""{"user_id":"{{user}}","template_name":"t"}""", Roles.Service);
    }

    [Theory]
    [InlineData(ReceiptStatus.Accepted, "accepted", 202)]
    [InlineData(ReceiptStatus.Deferred, "deferred", 202)]
    [InlineData(ReceiptStatus.Duplicate, "duplicate", 200)]
    public async Task What_is_stored_now_is_a_202_that_says_where_and_what_was_before_is_a_200(ReceiptStatus status, string word, int code)
    {
        var answer = await Send("st/or%ed", new Receipt { Status = status, MessageId = Id });
        Assert.Equal(code, answer.Code);
        Assert.Equal(code == 202 ? $"/api/v1/users/st%2For%25ed/messages/{Id}" : null, answer.Headers.Location?.OriginalString);
        Assert.Equal("application/json; charset=utf-8", answer.ContentType);
        Assert.Equal($$"""{"message_id":"{{Id}}","status":"{{word}}"}""", answer.Text);
    }

    [Fact]
    public async Task What_is_skipped_is_a_200_without_an_id()
    {
        var answer = await Send("skipped", new Receipt { Status = ReceiptStatus.Skipped, Reason = Reasons.NoAddress });
        Assert.Equal(200, answer.Code);
        Assert.Equal("""{"message_id":null,"status":"skipped","reason":"no_address"}""", answer.Text);
    }

    [Fact]
    public async Task What_is_rejected_is_a_400_with_the_fields()
    {
        var errors = new Dictionary<string, string[]> { ["template_vars.loss_amount"] = ["The template needs it."] };
        var answer = (await Send("rejected", new Receipt { Status = ReceiptStatus.Rejected, Errors = errors })).IsProblem(400);
        Assert.Equal(["template_vars.loss_amount"], answer.Fields);
        Assert.Null(answer.Reason);
    }

    [Theory]
    [InlineData(Reasons.UnknownUser, 404)]
    [InlineData(Reasons.IdempotencyKeyReused, 409)]
    [InlineData("another", 400)]
    public async Task A_rejection_with_a_reason_says_it(string reason, int code)
    {
        var answer = (await Send("reason", new Receipt { Status = ReceiptStatus.Rejected, Reason = reason })).IsProblem(code);
        Assert.Equal(reason, answer.Reason);
    }

    [Fact]
    public async Task Busy_is_a_429_that_says_when_to_ask_again()
    {
        var answer = (await Send("busy", new Receipt { Status = ReceiptStatus.Busy, Reason = Reasons.OutboxFull })).IsProblem(429);
        Assert.Equal(Reasons.OutboxFull, answer.Reason);
        Assert.Equal("The outbox of user busy is full.", answer.Json.GetProperty("detail").GetString());
        Assert.Equal(TimeSpan.FromSeconds(10), answer.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task Unavailable_is_a_503_that_says_when_to_ask_again()
    {
        var answer = (await Send("unavailable", new Receipt { Status = ReceiptStatus.Unavailable, Reason = Reasons.StoreUnavailable })).IsProblem(503);
        Assert.Equal(Reasons.StoreUnavailable, answer.Reason);
        Assert.Equal(TimeSpan.FromSeconds(2), answer.Headers.RetryAfter?.Delta);
    }
}
