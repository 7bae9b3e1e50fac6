using OrleansNotify.Channels.Push;
using OrleansNotify.Delivery;
using OrleansNotify.Tests.Documents;

namespace OrleansNotify.Tests.Channels.Push;

public sealed class PushAnswerTests
{
    private const string Windows = "wns2-am3p.notify.windows.com", Google = "fcm.googleapis.com";
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(20);

    [Fact]
    public void Status_service_and_key_decide_as_the_reference_says() => Assert.All(
        AnswerLine.Of("Push answers").Where(line => line.Code is not null), line =>
        {
            var host = line.Answer.StartsWith("WNS", StringComparison.Ordinal) ? Windows : Google;
            var ourKey = !line.Answer.Contains("made with another key", StringComparison.Ordinal);

            var answer = PushAnswer.Read(line.Code!.Value, host, line.HasRetryAfter ? Wait : null, ourKey, line.Answer);

            line.Holds(answer.Kind, answer.SpeaksOf, answer.Reason);
        });

    [Theory]
    [InlineData(200, Google, "Sent", null)]
    [InlineData(226, Google, "Sent", null)]
    [InlineData(299, Google, "Sent", null)]
    [InlineData(400, Google, "Rejected", null)]
    [InlineData(406, Google, "Retry", null)]
    [InlineData(406, "notify.windows.com.evil.example", "Retry", null)]
    [InlineData(406, Windows, "Busy", 20)]
    [InlineData(408, Google, "Retry", null)]
    [InlineData(429, Google, "Busy", 20)]
    [InlineData(500, Google, "Busy", 20)]
    [InlineData(502, Google, "Busy", 20)]
    [InlineData(503, Windows, "Busy", 20)]
    [InlineData(599, Google, "Busy", 20)]
    public void A_wait_counts_beside_a_429_and_any_5xx(int status, string host, string kind, int? waits)
    {
        var answer = PushAnswer.Read(status, host, Wait, isOurKey: true, "");
        Assert.Equal((kind, (double?)waits), (answer.Kind.ToString(), answer.RetryAfter?.TotalSeconds));
    }

    [Theory]
    [InlineData(406, Windows, "Busy", 60)]
    [InlineData(429, Google, "Busy", null)]
    [InlineData(503, Google, "Retry", null)]
    public void Without_a_wait_there_is_the_backoff_or_what_is_usual(int status, string host, string kind, int? waits)
    {
        var answer = PushAnswer.Read(status, host, null, isOurKey: true, "");
        Assert.Equal((kind, (double?)waits), (answer.Kind.ToString(), answer.RetryAfter?.TotalSeconds));
    }

    [Fact]
    public void No_wait_at_all_is_a_wait() => Assert.Equal(
        (OutcomeKind.Busy, TimeSpan.Zero),
        (PushAnswer.Read(503, Google, TimeSpan.Zero, true, "").Kind, PushAnswer.Read(429, Google, TimeSpan.Zero, true, "").RetryAfter));
}
