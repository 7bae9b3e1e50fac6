using OrleansNotify.DeadLetters;
using OrleansNotify.Tests.Cluster;

namespace OrleansNotify.Tests.DeadLetters;

public sealed class LetterFilterTests
{
    private static string[] Wrong(DeadLetterFilter filter) => [.. LetterFilter.Check(filter).Keys];

    [Fact]
    public void A_user_or_parts_of_a_group_go_with_a_time()
    {
        Assert.Empty(Wrong(new()));
        Assert.Empty(Wrong(new() { UserId = "ann", From = World.Now, To = World.Now }));
        Assert.Empty(Wrong(new() { Channel = Channel.Push, Reason = "r", TemplateName = "t", From = World.Now }));
    }

    [Fact]
    public void A_user_does_not_go_with_parts_of_a_group()
    {
        Assert.Equal(["user_id"], Wrong(new() { UserId = "ann", Channel = Channel.Push }));
        Assert.Equal(["user_id"], Wrong(new() { UserId = "ann", Reason = "r" }));
        Assert.Equal(["user_id"], Wrong(new() { UserId = "ann", TemplateName = "t" }));
    }

    [Fact]
    public void What_cannot_be_is_named()
    {
        Assert.Equal(["user_id"], Wrong(new() { UserId = "a b" }));
        Assert.Equal(["channel", "reason", "template_name", "to"], Wrong(new()
        {
            Channel = (Channel)9,
            Reason = new string('x', 301),
            TemplateName = "a\nb",
            From = World.Now,
            To = World.Now.AddTicks(-1),
        }));
    }

    [Fact]
    public void It_is_cut_at_a_time_unless_it_ends_before()
    {
        Assert.Equal(World.Now, new DeadLetterFilter().Until(World.Now).To);
        Assert.Equal(World.Now, new DeadLetterFilter { To = World.Now.AddHours(1) }.Until(World.Now).To);
        Assert.Equal(World.Now.AddHours(-1), new DeadLetterFilter { To = World.Now.AddHours(-1) }.Until(World.Now).To);
    }

    [Fact]
    public void Its_scores_are_those_of_its_times()
    {
        var (oldest, newest) = new DeadLetterFilter().Scores();
        Assert.True(oldest < 0 && newest > World.Now.AddYears(1000).ToUnixTimeMilliseconds());
        var at = World.Now.ToUnixTimeMilliseconds();
        Assert.Equal((at, at + 5), new DeadLetterFilter { From = World.Now, To = World.Now.AddMilliseconds(5) }.Scores());
    }
}
