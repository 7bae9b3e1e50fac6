using OrleansNotify.RateLimiting;
using OrleansNotify.Tests.Cluster;

namespace OrleansNotify.Tests.RateLimiting;

public sealed class LastSentTests
{
    private static readonly DateTimeOffset s_now = World.Now;

    [Fact]
    public void It_tells_whether_somebody_else_was_sent_to_since_a_time()
    {
        LastSent last = new();
        Assert.False(last.ToOthersSince("ann", s_now));
        last.Note("ann", s_now);
        Assert.False(last.ToOthersSince("ann", s_now));
        Assert.True(last.ToOthersSince("bob", s_now));
        Assert.False(last.ToOthersSince("bob", s_now.AddTicks(1)));
        last.Note("bob", s_now.AddSeconds(1));
        last.Note("bob", s_now.AddSeconds(2));
        Assert.False(last.ToOthersSince("bob", s_now.AddTicks(1)));
        Assert.True(last.ToOthersSince("ann", s_now.AddSeconds(2)));
    }

    [Fact]
    public void What_another_silo_knows_is_taken_over_in_any_order_and_any_number_of_times()
    {
        LastSent here = new(), there = new();
        here.Note("ann", s_now.AddSeconds(5));
        there.Note("bob", s_now);
        there.Note("cid", s_now.AddSeconds(3));
        for (var i = 0; i < 3; i++)
        {
            here.Note(there.Known);
            there.Note(here.Known);
        }

        SentTo[] two = [new("ann", s_now.AddSeconds(5)), new("cid", s_now.AddSeconds(3))];
        Assert.Equal(two, here.Known);
        Assert.Equal(two, there.Known);
        here.Note("ann", s_now);
        here.Note("bob", s_now);
        here.Note(default);
        Assert.Equal(two, here.Known);
    }
}
