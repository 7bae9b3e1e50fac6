using OrleansNotify.Channels.Telegram;
using OrleansNotify.Delivery;
using OrleansNotify.Tests.Documents;
using Telegram.Bot.Types;

namespace OrleansNotify.Tests.Channels.Telegram;

public sealed class TelegramAnswerTests
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(20);

    [Fact]
    public void Code_and_description_decide_as_the_reference_says() => Assert.All(AnswerLine.Of("Telegram answers"), line =>
    {
        var moved = line.Answer.EndsWith(", with `migrate_to_chat_id`", StringComparison.Ordinal);

        var outcome = Read(line.Code!.Value, line.Answer, moved ? new() { MigrateToChatId = -1 } : null, line.HasRetryAfter ? Wait : null);

        line.Holds(outcome.Kind, outcome.SpeaksOf, outcome.Reason);
        Assert.True(outcome.Answered);
        Assert.Equal($"{line.Status} {line.Answer}", outcome.Detail);
        if (line.HasRetryAfter) Assert.Equal(Wait, outcome.RetryAfter);
    });

    [Fact]
    public void What_is_not_the_bot_apis_JSON_is_read_as_the_reference_says() => Assert.All(
        AnswerLine.Of("Telegram answers", 1).Where(line => line.Code is not null), line =>
        {
            var outcome = TelegramAnswer.Read(line.Code!.Value, timedOut: false, line.HasRetryAfter ? Wait : null);

            line.Holds(outcome.Kind, outcome.SpeaksOf, outcome.Reason);
            Assert.True(outcome.Answered);
            Assert.Equal($"HTTP {line.Status}", outcome.Detail);
            Assert.Equal(line.HasRetryAfter ? Wait : null, outcome.RetryAfter);
        });

    [Theory]
    [InlineData("Bad Request: private CHAT NOT FOUND", "Refused", "chat_not_found")]
    [InlineData("bad request: MESSAGE IS TOO LONG", "Rejected", "too_long")]
    public void The_case_of_letters_does_not_matter(string description, string kind, string reason)
    {
        var outcome = Read(400, description);
        Assert.Equal((kind, reason), (outcome.Kind.ToString(), outcome.Reason));
    }

    [Theory]
    [InlineData(400, "")]
    [InlineData(0, "")]
    [InlineData(499, "?")]
    public void What_is_not_known_may_be_anybodys_fault(int code, string description)
    {
        var outcome = Read(code, description);
        Assert.Equal((OutcomeKind.Retry, SpeaksOf.Either, "unlisted"), (outcome.Kind, outcome.SpeaksOf, outcome.Reason));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(0, 0)]
    [InlineData(-5, 0)]
    [InlineData(2282, 2282)]
    [InlineData(int.MaxValue, 86400)]
    public void It_comes_back_when_it_is_told_to(int? given, int? waits)
    {
        var outcome = Read(429, "Too Many Requests", new ResponseParameters { RetryAfter = given });
        Assert.Equal((OutcomeKind.Busy, (double?)waits), (outcome.Kind, outcome.RetryAfter?.TotalSeconds));
    }

    [Fact]
    public void Without_a_wait_the_backoff_says_when() => Assert.Null(Read(429, "Too Many Requests").RetryAfter);

    [Theory]
    [InlineData(429), InlineData(500), InlineData(503), InlineData(599)]
    public void A_wait_counts_in_the_parameters_and_in_the_header_beside_any_5xx(int code)
    {
        Assert.Equal((OutcomeKind.Busy, Wait), (Read(code, "x", null, Wait).Kind, Read(code, "x", null, Wait).RetryAfter));
        Assert.Equal(Wait, Read(code, "x", new ResponseParameters(), Wait).RetryAfter);
        Assert.Equal(TimeSpan.FromSeconds(5), Read(code, "x", new ResponseParameters { RetryAfter = 5 }, Wait).RetryAfter);
        Assert.Equal((OutcomeKind.Busy, Wait), (TelegramAnswer.Read(code, false, Wait).Kind, TelegramAnswer.Read(code, false, Wait).RetryAfter));
    }

    [Fact]
    public void A_bad_request_without_a_new_chat_has_not_moved()
    {
        var outcome = Read(400, "Bad Request: chat not found", new ResponseParameters());
        Assert.Equal((OutcomeKind.Refused, null), (outcome.Kind, outcome.NewChatId));
    }

    [Fact]
    public void An_echoed_token_is_not_told()
    {
        var outcome = Read(500, "at /bot1:SECRET/sendMessage");
        Assert.Equal("500 at /bot1:***/sendMessage", outcome.Detail);
    }

    [Theory]
    [InlineData(200), InlineData(429), InlineData(502)]
    public void What_was_being_read_at_the_hard_end_may_have_been_anything(int status)
    {
        var outcome = TelegramAnswer.Read(status, timedOut: true, Wait);
        Assert.Equal((OutcomeKind.Unknown, SpeaksOf.Either, "timeout", false), (outcome.Kind, outcome.SpeaksOf, outcome.Reason, outcome.Answered));
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

    private static Outcome Read(int code, string description, ResponseParameters? parameters = null, TimeSpan? header = null) =>
        TelegramAnswer.Read(code, description, parameters, header, "secret");
}
