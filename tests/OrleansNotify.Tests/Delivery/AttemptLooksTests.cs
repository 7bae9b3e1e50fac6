using OrleansNotify.Delivery;
using OrleansNotify.Users;

namespace OrleansNotify.Tests.Delivery;

public sealed class AttemptLooksTests
{
    private static readonly DateTimeOffset s_end = new(2026, 3, 1, 12, 0, 30, TimeSpan.Zero);

    [Theory]
    // alive, on this silo, held, has outcome, seconds past the hard end → ended
    [InlineData(false, false, false, false, -29, true)] // its silo is dead
    [InlineData(false, true, true, true, -29, true)] // nor in the membership
    [InlineData(true, true, false, false, -29, true)] // this silo does not know it
    [InlineData(true, true, true, false, -29, false)] // it runs here
    [InlineData(true, false, false, false, -29, false)] // it runs elsewhere
    [InlineData(true, false, false, false, 9, false)] // within the grace
    [InlineData(true, false, false, false, 10, true)] // elsewhere, and nobody has said a word
    [InlineData(true, true, true, false, 10, true)] // here, and the provider hangs beyond all bounds
    [InlineData(true, true, true, true, 600, false)] // here, and the outcome is being stored
    public void An_attempt_has_ended_when_nobody_can_tell_of_it_any_more(
        bool alive, bool here, bool held, bool hasOutcome, int secondsPastHardEnd, bool ended)
    {
        Attempt attempt = new() { Number = 1, Channel = Channel.Email, Silo = here ? "here" : "there", BeganAt = s_end.AddSeconds(-30), HardEnd = s_end };
        Assert.Equal(ended, AttemptLooks.HasEnded(attempt, "here", alive, held, hasOutcome, s_end.AddSeconds(secondsPastHardEnd)));
    }
}
