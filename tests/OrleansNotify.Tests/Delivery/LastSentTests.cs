using OrleansNotify.Delivery;
using OrleansNotify.Tests.Cluster;

namespace OrleansNotify.Tests.Delivery;

public sealed class LastSentTests
{
    [Fact]
    public void It_tells_when_somebody_else_was_last_sent_to()
    {
        LastSent last = new();
        Assert.Equal(default, last.ToOthers("ann"));
        last.Note("ann", World.Now);
        Assert.Equal(default, last.ToOthers("ann"));
        Assert.Equal(World.Now, last.ToOthers("bob"));
        last.Note("bob", World.Now.AddSeconds(1));
        last.Note("bob", World.Now.AddSeconds(2));
        Assert.Equal(World.Now, last.ToOthers("bob"));
        Assert.Equal(World.Now.AddSeconds(2), last.ToOthers("ann"));
    }
}
