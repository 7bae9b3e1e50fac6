using OrleansNotify.DeadLetters;

namespace OrleansNotify.Tests.DeadLetters;

public sealed class RedriveStateTests
{
    private static readonly LetterPlace s_last = new(1, "ann|x");

    [Fact]
    public void It_goes_on_behind_the_last_letter_of_a_batch()
    {
        var after = new RedriveState().After(s_last, hasLeft: false);
        Assert.Equal((s_last.Format(), false, false), (after.Cursor, after.HasLeft, after.IsDone));
    }

    [Fact]
    public void It_is_done_when_a_pass_has_left_none()
    {
        var after = new RedriveState { Cursor = s_last.Format() }.After(null, hasLeft: false);
        Assert.Equal((null, false, true), (after.Cursor, after.HasLeft, after.IsDone));
    }

    [Fact]
    public void What_a_batch_has_left_makes_another_pass()
    {
        var left = new RedriveState().After(s_last, hasLeft: true).After(s_last, hasLeft: false);
        Assert.True(left.HasLeft);
        var after = left.After(null, hasLeft: false);
        Assert.Equal((null, false, false), (after.Cursor, after.HasLeft, after.IsDone));
    }
}
