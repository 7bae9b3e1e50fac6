using OrleansNotify.RateLimiting;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Users;

namespace OrleansNotify.Tests.Users;

public sealed class TransitionTests
{
    private static readonly Situation s_at = World.At();

    [Fact]
    public void The_first_quiet_hours_that_hold_a_message_put_off_the_end_of_its_life_and_no_later_ones()
    {
        var held = Transition.Hold(World.Message, Quiet(10), s_at);
        Assert.Equal((MessageStatus.Deferred, World.Now.AddHours(10), World.Now.AddHours(34)), (held.Status, held.LookAt, held.LifeEnds));
        var again = Transition.Hold(held, Quiet(20), s_at);
        Assert.Equal((World.Now.AddHours(20), World.Now.AddHours(34)), (again.LookAt, again.LifeEnds));
    }

    [Fact]
    public void A_hold_that_says_nothing_new_changes_nothing()
    {
        var held = Transition.Hold(World.Message, Quiet(10), s_at);
        Assert.Same(held, Transition.Hold(held, Quiet(10), s_at));
        Assert.Equal(World.Now.AddHours(10), Transition.Hold(held with { LookAt = World.Now.AddHours(10) }, Quiet(10), World.At(after: TimeSpan.FromHours(10))).LookAt);
        Assert.NotSame(held, Transition.Hold(held, Quiet(10) with { Status = MessageStatus.Retrying }, s_at));
        Assert.NotSame(held, Transition.Hold(held, Quiet(10), s_at with { Renderable = false }));
    }

    [Fact]
    public void It_is_looked_at_when_it_expires_if_that_is_earlier()
    {
        var expiring = World.Message with { ExpiresAt = World.Now.AddHours(3) };
        Assert.Equal(World.Now.AddHours(3), Transition.Hold(expiring, Quiet(10), s_at).LookAt);
        Assert.Equal(World.Now.AddMinutes(5), Transition.LaneLookAt(expiring with { ExpiresAt = World.Now.AddMinutes(5) }, s_at));
        Assert.Equal(World.Now.AddHours(1), Transition.LaneLookAt(expiring, s_at));
        Assert.Equal(World.Now.AddMinutes(7), Transition.LaneLookAt(expiring with { LifeEnds = World.Now.AddMinutes(7) }, s_at));
    }

    [Fact]
    public void Since_when_it_cannot_be_rendered_is_kept_until_it_can()
    {
        Next.Hold putBack = new(World.Now.AddMinutes(1), MessageStatus.Retrying, "template_missing", []);
        var first = Transition.Hold(World.Message, putBack, s_at with { Renderable = false });
        var later = World.At(after: TimeSpan.FromMinutes(1)) with { Renderable = false };
        var second = Transition.Hold(first, putBack with { Until = World.Now.AddMinutes(2) }, later);
        Assert.Equal((World.Now, World.Now), (first.UnrenderableSince, second.UnrenderableSince));
        Assert.Null(first.Events[^1].Channel);
        Assert.Same(first, Transition.Hold(first, putBack, s_at with { Renderable = false }));
        Assert.Equal(World.Now.AddHours(100), Transition.Hold(World.Message with { LifeEnds = World.Now.AddHours(100) }, Quiet(1), s_at).LifeEnds);
        Assert.Null(Transition.Hold(second, Quiet(1), s_at).UnrenderableSince);
    }

    [Fact]
    public void A_message_that_comes_back_to_its_lane_keeps_its_place_and_tells_nothing_of_it()
    {
        var queued = Transition.Queue(World.Message, [Channel.Email], s_at);
        Assert.Equal((Channel.Email, Priority.Transactional), queued.Lane);
        Assert.Equal(LaneOrder.ScoreOf(World.Now, urgent: false), queued.LaneScore);

        var later = World.At(after: TimeSpan.FromMinutes(1));
        var back = Transition.Queue(Transition.Withdraw(queued.Sending(later, Channel.Email)), [Channel.Email], later, back: true);
        Assert.Equal((queued.LaneScore, null, queued.Events.Length), (back.LaneScore, back.Running, back.Events.Length));
    }

    [Fact]
    public void Another_channel_after_an_attempt_is_a_fallback()
    {
        var first = World.Message.With(new Tally { Channel = Channel.Push, Attempts = 1 }).Sending(s_at, Channel.Push, Channel.Email);
        Assert.DoesNotContain(World.Message.Sending(s_at, Channel.Push).Sending(s_at, Channel.Email).Events, e => e.Type == MessageEventType.Fallback);
        Assert.DoesNotContain(first.Events, e => e.Type == MessageEventType.Fallback);
        Assert.Contains(first.Sending(s_at, Channel.Email).Events, e => e is { Type: MessageEventType.Fallback, Channel: Channel.Email });
        Assert.DoesNotContain(first.Sending(s_at, Channel.Push).Events, e => e.Type == MessageEventType.Fallback);
        Assert.DoesNotContain((first with { Channel = null }).Sending(s_at, Channel.Email).Events, e => e.Type == MessageEventType.Fallback);
    }

    [Theory]
    [InlineData(MessageStatus.Sent, MessageEventType.Sent), InlineData(MessageStatus.DeadLettered, MessageEventType.DeadLettered)]
    [InlineData(MessageStatus.Cancelled, MessageEventType.Cancelled), InlineData(MessageStatus.Expired, MessageEventType.Expired)]
    [InlineData(MessageStatus.Skipped, MessageEventType.Skipped)]
    public void An_end_is_told_and_only_a_dead_letter_counts_as_one(MessageStatus status, MessageEventType type)
    {
        var ended = Transition.End(World.Message, new Next.End(status, "why"), s_at);
        Assert.True(ended.IsSettled);
        Assert.Equal((type, "why"), (ended.Events[^1].Type, ended.Events[^1].Detail));
        Assert.Equal(status == MessageStatus.DeadLettered ? 1 : 0, ended.Letters);
        Assert.Equal(World.Now, ended.SettledAt);
    }

    [Fact]
    public void A_timeline_keeps_its_first_entry_and_the_newest()
    {
        var message = Enumerable.Range(0, 250).Aggregate(World.Message, (m, i) =>
            m.With(new MessageEvent { At = World.Now.AddSeconds(i), Type = MessageEventType.Retry }));
        Assert.Equal(Message.MostEvents, message.Events.Length);
        Assert.Equal(MessageEventType.Accepted, message.Events[0].Type);
        Assert.Equal(World.Now.AddSeconds(249), message.Events[^1].At);
    }

    private static Next.Hold Quiet(int hours) =>
        new(World.Now.AddHours(hours), MessageStatus.Deferred, Reasons.QuietHours, [Channel.Email], World.Now.AddHours(hours));
}
