using OrleansNotify.Delivery;
using OrleansNotify.RateLimiting;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Users;

namespace OrleansNotify.Tests.Delivery;

/// <summary>"Not now" is not "no".</summary>
public sealed class BusyTests
{
    private static readonly Situation s_at = World.At();
    private static readonly Message s_alone = World.Message.Sending(s_at, Channel.Email) with { Requested = Channel.Email, Fallback = false };
    private static readonly Message s_withOthers = World.Message.Sending(s_at, Channel.Push, Channel.Telegram, Channel.Email);
    private static readonly Outcome s_busy = Outcomes.Of(OutcomeKind.Busy, "4.7.1");

    private static Message Apply(Message message, Outcome outcome, Situation? at = null) =>
        Settlement.Apply(message, s_alone.Running! with { Channel = message.Plan[0] }, outcome, TimeSpan.Zero, at ?? s_at).Message;

    private static Outcome After(double seconds) => s_busy with { RetryAfter = TimeSpan.FromSeconds(seconds) };

    [Fact]
    public void It_counts_no_attempt_and_waits_as_long_as_was_asked_or_the_next_delay()
    {
        var asked = Apply(s_alone, After(42)).TallyOf(Channel.Email);
        Assert.Equal((0, World.Now.AddSeconds(42), false), (asked.Attempts, asked.NotBefore, asked.GivenUp));
        var silent = Apply(s_alone.With(new Tally { Channel = Channel.Email, Attempts = 2 }), s_busy).TallyOf(Channel.Email);
        Assert.Equal((2, World.Now.AddSeconds(4)), (silent.Attempts, silent.NotBefore));
        Assert.Equal("429 slow down", Apply(s_alone, s_busy with { Detail = "429 slow down" }).Events[^1].Detail);
    }

    [Fact]
    public void However_often_it_is_said_only_the_end_of_its_life_makes_a_dead_letter()
    {
        var (message, at, tries) = (s_alone, s_at, 0);
        for (; Decision.For(message, at) is not Next.End; tries++)
        {
            message = Apply(message, s_busy, at);
            var hold = Assert.IsType<Next.Hold>(Decision.For(message, at));
            message = Transition.Hold(message, hold, at);
            at = World.At(after: message.LookAt - World.Now);
        }

        Assert.Equal(new Next.End(MessageStatus.DeadLettered, Reasons.TooOld), Decision.For(message, at));
        Assert.Equal(message.LifeEnds, at.Now);
        Assert.Equal(0, message.TallyOf(Channel.Email).Attempts);
        Assert.InRange(tries, 18, 30);
    }

    [Theory]
    [InlineData(30, false, false), InlineData(31, false, true), InlineData(2, true, true)]
    public void A_long_wait_lets_another_channel_go_first_and_of_an_urgent_message_any_wait(int seconds, bool urgent, bool others)
    {
        var message = Apply(s_withOthers with { Urgent = urgent }, After(seconds));
        Assert.Equal(others, Decision.For(message, s_at) is Next.Ready { Plan: [Channel.Telegram, Channel.Email, Channel.Push] });
        // It stays so while the other waits for its turn.
        Assert.Equal(others, Decision.For(message, World.At(after: TimeSpan.FromSeconds(seconds + 1))) is Next.Ready { Plan: [Channel.Telegram, ..] });
    }

    [Theory]
    [InlineData(Channel.Push, 2), InlineData(Channel.Telegram, 3), InlineData(Channel.Email, 3)]
    public void So_does_the_channels_early_end_in_a_row(Channel channel, int inARow)
    {
        var message = World.Message.Sending(s_at, [channel, .. s_withOthers.Plan.Where(other => other != channel)]) with { Requested = channel };
        for (var i = 1; i <= inARow; i++)
        {
            message = Apply(message, s_busy);
            Assert.Equal(i == inARow, Decision.For(message, s_at) is Next.Ready);
        }

        Assert.False(message.TallyOf(channel).GivenUp);
        var after = Apply(message with { Plan = [channel] }, Outcomes.Of(OutcomeKind.Retry)).TallyOf(channel);
        Assert.Equal((0, null, TimeSpan.Zero, false), (after.Busies, after.BusySince, after.BusyWait, after.SetBack));
    }

    [Fact]
    public void No_channel_that_is_busy_or_open_goes_first_nor_makes_another_give_up_early()
    {
        var at = s_at with { View = (channel, _) => new ChannelView(false, null) { IsOpen = channel == Channel.Email } };
        var message = s_withOthers.With(new Tally { Channel = Channel.Telegram, Busies = 1, NotBefore = World.Now.AddSeconds(9) });
        Assert.Equal(Channel.Push, Assert.IsType<Next.Hold>(Decision.For(Apply(message, After(600), at), at)).Plan[0]);
        Assert.False(Apply(message.With(new Tally { Channel = Channel.Push, Attempts = 1 }), Outcomes.Of(OutcomeKind.Retry), at).TallyOf(Channel.Push).GivenUp);
    }

    [Fact]
    public void An_owner_who_lifts_pauses_lifts_the_wait_of_a_message_as_well()
    {
        var message = Apply(s_alone, After(600));
        Assert.Equal((World.Now.AddSeconds(600), "4.7.1"), Held(s_at));
        Assert.IsType<Next.Ready>(Decision.For(message, s_at with { View = (_, _) => new ChannelView(false, null) { Lifts = 1 } }));
        var failed = Apply(s_alone, Outcomes.Of(OutcomeKind.Retry));
        Assert.IsType<Next.Hold>(Decision.For(failed, s_at with { View = (_, _) => new ChannelView(false, null) { Lifts = 1 } }));

        (DateTimeOffset, string) Held(Situation at)
        {
            var hold = Assert.IsType<Next.Hold>(Decision.For(message, at));
            return (hold.Until, hold.Reason);
        }
    }
}
