using OrleansNotify.Channels.Telegram;
using OrleansNotify.Delivery;
using Telegram.Bot.Types;

namespace OrleansNotify.Tests.Channels.Telegram;

public sealed class TelegramAnswerTests
{
    [Theory]
    [InlineData(400, "Bad Request: chat not found", "AddressGone", "chat_not_found")]
    [InlineData(400, "Bad Request: private CHAT NOT FOUND", "AddressGone", "chat_not_found")]
    [InlineData(400, "Bad Request: can't parse entities: x", "Rejected", "cant_parse")]
    [InlineData(400, "Bad Request: message is too long", "Rejected", "too_long")]
    [InlineData(400, "Bad Request: text is too long", "Rejected", "too_long")]
    [InlineData(400, "Bad Request: message text is empty", "Rejected", "empty")]
    [InlineData(400, "Bad Request: text must be non-empty", "Rejected", "empty")]
    [InlineData(400, "Bad Request: not enough rights to send text messages to the chat", "Retry", "unlisted")]
    [InlineData(400, "", "Retry", "unlisted")]
    [InlineData(401, "Unauthorized", "ChannelFault", "401")]
    [InlineData(404, "Not Found", "ChannelFault", "404")]
    [InlineData(403, "Forbidden: bot was blocked by the user", "AddressGone", "blocked")]
    [InlineData(403, "Forbidden: user is deactivated", "AddressGone", "deactivated")]
    [InlineData(403, "Forbidden: bot was kicked from the supergroup chat", "AddressGone", "kicked")]
    [InlineData(403, "Forbidden: bot is not a member of the channel chat", "AddressGone", "not_a_member")]
    [InlineData(403, "Forbidden: the group chat was deleted", "AddressGone", "deleted")]
    [InlineData(403, "Forbidden: bot can't initiate conversation with a user", "AddressGone", "forbidden")]
    [InlineData(409, "Conflict", "Retry", "unlisted")]
    [InlineData(499, "?", "Retry", "unlisted")]
    [InlineData(500, "Internal Server Error", "Retry", "5xx")]
    public void Code_and_description_decide(int code, string description, string kind, string reason)
    {
        var outcome = TelegramAnswer.Read(code, description, null, "secret");

        Assert.Equal((kind, reason, $"{code} {description}".Trim()), (outcome.Kind.ToString(), outcome.Reason, outcome.Detail));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(0, 0)]
    [InlineData(-5, 0)]
    [InlineData(2282, 2282)]
    public void It_comes_back_when_it_is_told_to(int? given, int? waits)
    {
        var outcome = TelegramAnswer.Read(429, "Too Many Requests", new ResponseParameters { RetryAfter = given }, "secret");
        Assert.Equal((OutcomeKind.Busy, (double?)waits), (outcome.Kind, outcome.RetryAfter?.TotalSeconds));
    }

    [Fact]
    public void Without_parameters_the_backoff_says_when() => Assert.Null(TelegramAnswer.Read(429, "Too Many Requests", null, "s").RetryAfter);

    [Fact]
    public void A_bad_request_without_a_new_chat_has_not_moved()
    {
        var outcome = TelegramAnswer.Read(400, "Bad Request: chat not found", new ResponseParameters(), "secret");
        Assert.Equal((OutcomeKind.AddressGone, null), (outcome.Kind, outcome.NewChatId));
    }

    [Fact]
    public void An_echoed_token_is_not_told()
    {
        var outcome = TelegramAnswer.Read(500, "at /bot1:SECRET/sendMessage", null, "secret");
        Assert.Equal("500 at /bot1:***/sendMessage", outcome.Detail);
    }

    [Theory]
    [InlineData(200, false, "Retry", "unlisted")]
    [InlineData(403, false, "Retry", "unlisted")]
    [InlineData(429, false, "Busy", "429")]
    [InlineData(502, false, "Retry", "5xx")]
    [InlineData(200, true, "Unknown", "timeout")]
    [InlineData(429, true, "Unknown", "timeout")]
    public void A_page_of_a_proxy_blames_nobody(int status, bool timedOut, string kind, string reason)
    {
        var outcome = TelegramAnswer.Read(status, timedOut);
        Assert.Equal((kind, reason, $"HTTP {status}"), (outcome.Kind.ToString(), outcome.Reason, outcome.Detail));
    }

    [Theory]
    [InlineData("4711", 4711L), InlineData("-1001234567890", -1001234567890L), InlineData("9223372036854775807", long.MaxValue)]
    [InlineData(null, null), InlineData("", null), InlineData("0", null), InlineData("-0", null), InlineData("+5", null), InlineData("007", null)]
    [InlineData(" 5", null), InlineData("5 ", null), InlineData("5.0", null), InlineData("@name", null), InlineData("9223372036854775808", null)]
    [InlineData("\u0665", null)]
    public void A_chat_id_has_one_form(string? text, long? id)
    {
        Assert.Equal(id is not null, TelegramChatId.TryParse(text, out var read));
        if (id is not null) Assert.Equal((id.Value, text), (read, TelegramChatId.Format(read)));
    }
}
