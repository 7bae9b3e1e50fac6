using OrleansNotify.Channels.Http;
using OrleansNotify.Delivery;

namespace OrleansNotify.Tests.Channels.Http;

public sealed class NoAnswerTests
{
    [Theory]
    [InlineData(true, false, false, false, "Unknown", "cut", false)]
    [InlineData(true, false, true, false, "Unknown", "timeout", false)]
    [InlineData(true, true, false, true, "Unknown", "cut", false)]
    [InlineData(false, true, false, false, "Withdrawn", "", false)]
    [InlineData(false, true, true, false, "Withdrawn", "", false)]
    [InlineData(false, true, false, true, "Retry", "connect", true)]
    [InlineData(false, true, true, true, "Retry", "timeout", true)]
    [InlineData(false, false, false, false, "Retry", "connect", true)]
    [InlineData(false, false, true, false, "Retry", "timeout", true)]
    public void What_was_written_and_when_decides(
        bool written, bool turnOver, bool timedOut, bool connectFailed, string kind, string reason, bool tellsFailure)
    {
        var outcome = NoAnswer.Read(written, turnOver, timedOut, connectFailed);

        Assert.Equal((kind, reason, tellsFailure), (outcome.Kind.ToString(), outcome.Reason, outcome.SpeaksOf == SpeaksOf.Channel));
        Assert.Equal(tellsFailure ? SpeaksOf.Channel : SpeaksOf.Either, outcome.SpeaksOf);
        Assert.False(outcome.Answered);
    }
}
