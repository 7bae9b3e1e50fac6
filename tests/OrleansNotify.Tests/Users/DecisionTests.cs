using OrleansNotify.RateLimiting;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Users;

namespace OrleansNotify.Tests.Users;

public sealed class DecisionTests
{
    private static readonly Channel[] s_order = [Channel.Push, Channel.Telegram, Channel.Email];

    [Fact]
    public void A_message_that_nothing_holds_is_ready() =>
        Assert.Equal(s_order, Assert.IsType<Next.Ready>(Decision.For(World.Message, World.At())).Plan);

    [Fact]
    public void An_expiry_goes_before_the_end_of_life()
    {
        var old = World.Message with { ExpiresAt = World.Now, LifeEnds = World.Now };
        Assert.Equal(new Next.End(MessageStatus.Expired, "expires_at"), Decision.For(old, World.At()));
        Assert.Equal(new Next.End(MessageStatus.DeadLettered, Reasons.TooOld), Decision.For(old with { ExpiresAt = null }, World.At()));
    }

    [Theory]
    [InlineData(Priority.Transactional, 24), InlineData(Priority.Campaign, 72)]
    public void A_message_lives_for_a_day_and_a_campaigns_for_three(Priority priority, int hours) =>
        Assert.Equal(TimeSpan.FromHours(hours), Decision.LifeOf(priority));

    [Fact]
    public void What_cannot_be_rendered_is_put_back_for_a_minute_and_given_up_after_fifteen()
    {
        var at = World.At() with { Renderable = false };
        var hold = Assert.IsType<Next.Hold>(Decision.For(World.Message, at));
        Assert.Equal((World.Now.AddMinutes(1), MessageStatus.Retrying), (hold.Until, hold.Status));

        var since = World.Message with { UnrenderableSince = World.Now.AddMinutes(-14.9) };
        Assert.IsType<Next.Hold>(Decision.For(since, at));
        var given = since with { UnrenderableSince = World.Now.AddMinutes(-15) };
        Assert.Equal(new Next.End(MessageStatus.DeadLettered, Reasons.TemplateChanged), Decision.For(given, at));
    }

    [Fact]
    public void A_message_without_a_channel_is_skipped_and_after_an_attempt_dead_lettered()
    {
        var at = World.At(new Profile());
        Assert.Equal(new Next.End(MessageStatus.Skipped, Reasons.NoAddress), Decision.For(World.Message, at));
        var tried = World.Message.With(new Tally { Channel = Channel.Email, Attempts = 1 });
        Assert.Equal(new Next.End(MessageStatus.DeadLettered, Reasons.NoAddress), Decision.For(tried, at));
    }

    [Fact]
    public void An_exhausted_plan_says_what_the_last_attempt_said()
    {
        var tried = s_order.Aggregate(World.Message, (message, channel) => message.With(new Tally { Channel = channel, GivenUp = true }));
        Assert.Equal(new Next.End(MessageStatus.DeadLettered, "5.5.0"), Decision.For(tried with { LastReason = "5.5.0" }, World.At()));
        Assert.Equal(new Next.End(MessageStatus.DeadLettered, Reasons.PlanExhausted), Decision.For(tried, World.At()));
    }

    [Fact]
    public void Send_at_and_then_quiet_hours_hold_it()
    {
        var later = World.Message with { SendAt = World.Now.AddHours(1) };
        var hold = Assert.IsType<Next.Hold>(Decision.For(later, World.At()));
        Assert.Equal((World.Now.AddHours(1), MessageStatus.Deferred, Reasons.SendAt), (hold.Until, hold.Status, hold.Reason));

        var quiet = Quiet(new QuietHours { Enabled = true, Start = new(12, 30), End = new(14, 0) });
        hold = Assert.IsType<Next.Hold>(Decision.For(later, World.At(quiet)));
        Assert.Equal((World.Now.AddHours(2), Reasons.QuietHours), (hold.DeliverAt, hold.Reason));
        Assert.IsType<Next.Ready>(Decision.For(World.Message, World.At(quiet)));
    }

    [Theory]
    [InlineData("position_failure_sl", true, true), InlineData("position_failure_sl", false, false), InlineData("price_alert_triggered", true, false)]
    public void Only_urgent_templates_pass_quiet_hours_and_only_while_the_user_allows_it(string template, bool allowed, bool passes)
    {
        var profile = Quiet(new QuietHours { Enabled = true, Start = new(11, 0), End = new(13, 0) });
        profile = profile with { Preferences = profile.Preferences with { UrgentDuringQuietHours = allowed } };
        Assert.Equal(passes, Decision.For(World.Message, World.At(profile, template: World.Template(template))) is Next.Ready);
    }

    [Fact]
    public void Times_of_the_wall_clock_are_held_by_the_stores_clock()
    {
        var at = World.At() with { Now = World.Now.AddMinutes(-5) };
        var hold = Assert.IsType<Next.Hold>(Decision.For(World.Message with { SendAt = World.Now.AddHours(1) }, at));
        Assert.Equal((World.Now.AddMinutes(55), World.Now.AddHours(1)), (hold.Until, hold.DeliverAt));
    }

    [Theory]
    [InlineData(16, false), InlineData(30, false), InlineData(31, true)]
    public void A_short_wait_is_waited_for_and_a_long_one_lets_the_others_go_first(int seconds, bool others)
    {
        var busy = World.Message.With(new Tally { Channel = Channel.Push, NotBefore = World.Now.AddSeconds(seconds) }) with { LastReason = "timeout" };
        var next = Decision.For(busy, World.At());
        if (others) Assert.Equal([Channel.Telegram, Channel.Email, Channel.Push], Assert.IsType<Next.Ready>(next).Plan);
        else Assert.Equal(new Next.Hold(World.Now.AddSeconds(seconds), MessageStatus.Retrying, "timeout", [.. s_order]), next, Same);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void A_wait_that_is_over_holds_up_an_urgent_message_no_more(bool isOver)
    {
        var busy = World.Message with { Urgent = true };
        busy = busy.With(new Tally { Channel = Channel.Push, Busies = 1, NotBefore = World.Now.AddSeconds(isOver ? -1 : 1) });
        var plan = Assert.IsType<Next.Ready>(Decision.For(busy, World.At())).Plan;
        Assert.Equal(isOver ? s_order : [Channel.Telegram, Channel.Email, Channel.Push], plan);
    }

    [Fact]
    public void Of_several_long_waits_the_shortest_is_waited_for_and_at_most_to_the_end_of_life()
    {
        var busy = World.Message
            .With(new Tally { Channel = Channel.Push, NotBefore = World.Now.AddHours(3) })
            .With(new Tally { Channel = Channel.Telegram, NotBefore = World.Now.AddHours(2) })
            .With(new Tally { Channel = Channel.Email, NotBefore = World.Now.AddHours(4) });
        var hold = Assert.IsType<Next.Hold>(Decision.For(busy, World.At()));
        Assert.Equal((World.Now.AddHours(2), Channel.Telegram), (hold.Until, hold.Plan[0]));
        // What would come after the end of its life waits for that: until then an owner may help it.
        var old = busy with { LifeEnds = World.Now.AddHours(1) };
        Assert.Equal(World.Now.AddHours(1), Transition.Hold(old, Assert.IsType<Next.Hold>(Decision.For(old, World.At())), World.At()).LookAt);
    }

    [Fact]
    public void A_channel_that_is_passed_over_moves_to_the_end_and_is_used_where_no_other_is_left()
    {
        var at = World.At() with { View = (channel, _) => new ChannelView(channel != Channel.Email, null) };
        Assert.Equal([Channel.Email, Channel.Push, Channel.Telegram], Assert.IsType<Next.Ready>(Decision.For(World.Message, at)).Plan);
        var alone = World.Message with { Requested = Channel.Push, Fallback = false };
        Assert.Equal([Channel.Push], Assert.IsType<Next.Ready>(Decision.For(alone, at)).Plan);
    }

    [Fact]
    public void What_waits_for_a_push_service_waits_on_the_agenda()
    {
        var at = World.At() with { View = (channel, _) => channel == Channel.Push ? Waiting(9) : ChannelView.Free };
        var hold = Assert.IsType<Next.Hold>(Decision.For(World.Message, at));
        Assert.Equal((World.Now.AddSeconds(9), "circuit_open"), (hold.Until, hold.Reason));
    }

    [Theory]
    [InlineData(Reasons.ChannelPaused, true), InlineData(Reasons.AddressPaused, true), InlineData(Reasons.CircuitOpen, false)]
    public void What_waits_for_a_pause_is_looked_at_sooner_for_an_owner_may_lift_it(string reason, bool sooner)
    {
        var until = World.Now.AddHours(1);
        ChannelView view = new(false, null) { Obstacle = new Obstacle(reason, until) };
        var alone = World.Message with { Requested = Channel.Telegram, Fallback = false };
        foreach (var at in new[] { World.At() with { View = (_, _) => view, ChatMoment = () => until }, World.At() with { View = (_, _) => view with { NotBefore = until } } })
        {
            var held = Transition.Hold(alone, Assert.IsType<Next.Hold>(Decision.For(alone, at)), at);
            Assert.Equal(sooner ? World.Now.AddSeconds(30) : until, held.LookAt);
            Assert.Equal((reason, until), (held.Events[^1].Detail, held.Events[^1].Until));
            // It goes on waiting, and says so once.
            var later = at with { Now = World.Now.AddSeconds(30) };
            var again = Transition.Hold(held, Assert.IsType<Next.Hold>(Decision.For(held, later)), later);
            Assert.Equal(held.Events.Length, again.Events.Length);
            Assert.Equal(sooner ? World.Now.AddSeconds(60) : until, again.LookAt);
        }
    }

    private static ChannelView Waiting(int seconds)
    {
        var until = World.Now.AddSeconds(seconds);
        return new ChannelView(false, until) { Obstacle = new Obstacle(Reasons.CircuitOpen, until) };
    }

    private static Profile Quiet(QuietHours hours) => World.Everywhere with { Preferences = new Preferences { QuietHours = hours } };

    private static bool Same(Next expected, Next actual) => expected is Next.Hold a && actual is Next.Hold b
        && (a.Until, a.Status, a.Reason) == (b.Until, b.Status, b.Reason) && a.Plan.SequenceEqual(b.Plan);
}
