using OrleansNotify.RateLimiting;

namespace OrleansNotify.Tests.RateLimiting;

public sealed class LaneOrderTests
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void An_urgent_message_stands_before_every_other_that_still_lives()
    {
        Assert.True(LaneOrder.ScoreOf(s_now, urgent: true) < LaneOrder.ScoreOf(s_now - Decisions.LongestLife, urgent: false));
        Assert.True(LaneOrder.ScoreOf(s_now, urgent: true) < LaneOrder.ScoreOf(s_now.AddMilliseconds(1), urgent: true));
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public void The_age_is_the_time_since_the_arrival(bool urgent)
    {
        var score = LaneOrder.ScoreOf(s_now, urgent);
        Assert.Equal(TimeSpan.FromHours(3), LaneOrder.AgeOf(score, s_now.AddHours(3)));
        Assert.Equal(TimeSpan.Zero, LaneOrder.AgeOf(score, s_now.AddSeconds(-1)));
    }

    private static class Decisions
    {
        public static TimeSpan LongestLife { get; } = OrleansNotify.Users.Decision.LifeOf(Priority.Campaign);
    }
}
