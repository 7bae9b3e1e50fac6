using OrleansNotify.Delivery;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Users;

namespace OrleansNotify.Tests.Delivery;

/// <summary>An attempt that was begun while the circuit was open counts no attempt and blames nobody.</summary>
public sealed class TrialTests
{
    private static readonly Situation s_at = World.At();
    private static readonly Message s_alone = World.Message.Sending(s_at, Channel.Email) with { Requested = Channel.Email, Fallback = false };
    private static readonly Message s_withOthers = World.Message.Sending(s_at, Channel.Push, Channel.Telegram, Channel.Email);

    private static Message Apply(Message message, Outcome outcome, Situation? at = null)
    {
        var (after, end) = Settlement.Apply(message, message.Running!, outcome with { OnTrial = true }, TimeSpan.Zero, at ?? s_at);
        Assert.Null(end);
        return after;
    }

    [Theory]
    [InlineData(OutcomeKind.Retry), InlineData(OutcomeKind.Refused), InlineData(OutcomeKind.ChannelFault)]
    public void One_that_leaves_it_open_goes_to_its_next_channel_at_once_or_waits(object kind)
    {
        var outcome = Outcomes.Of((OutcomeKind)kind);
        var message = Apply(s_withOthers, outcome);
        Assert.Equal((0, false), Counted(message, Channel.Push));
        Assert.Equal([Channel.Telegram, Channel.Email, Channel.Push], Assert.IsType<Next.Ready>(Decision.For(message, s_at)).Plan);

        var alone = Apply(s_alone, outcome);
        Assert.Equal((0, false), Counted(alone, Channel.Email));
        Assert.IsType<Next.Ready>(Decision.For(alone, s_at));
    }

    [Fact]
    public void One_that_is_asked_to_come_later_does_so_where_it_has_no_other()
    {
        var busy = Outcomes.Of(OutcomeKind.Busy) with { RetryAfter = TimeSpan.FromSeconds(7) };
        Assert.Equal(Channel.Telegram, Assert.IsType<Next.Ready>(Decision.For(Apply(s_withOthers, busy), s_at)).Plan[0]);
        var alone = Apply(s_alone, busy);
        Assert.Equal(World.Now.AddSeconds(7), Assert.IsType<Next.Hold>(Decision.For(alone, s_at)).Until);
    }

    [Fact]
    public void One_without_an_answer_counts_always()
    {
        var unknown = Outcomes.Of(OutcomeKind.Unknown);
        var message = Apply(s_withOthers, unknown);
        Assert.Equal((1, false), Counted(message, Channel.Push));
        Assert.Equal(Channel.Telegram, Assert.IsType<Next.Ready>(Decision.For(message, s_at)).Plan[0]);
        var third = s_alone.With(new Tally { Channel = Channel.Email, Attempts = 2, Unknowns = 2 });
        Assert.Equal((3, true), Counted(Apply(third, unknown), Channel.Email));
    }

    [Theory]
    [InlineData(OutcomeKind.Retry), InlineData(OutcomeKind.Refused), InlineData(OutcomeKind.AddressGone)]
    public void What_speaks_of_the_recipient_closes_it_and_the_message_goes_again_at_once(object kind)
    {
        var message = Apply(s_withOthers, Outcomes.OfRecipient((OutcomeKind)kind));
        Assert.Equal((0, false), Counted(message, Channel.Push));
        Assert.Equal(Channel.Push, Assert.IsType<Next.Ready>(Decision.For(message, s_at)).Plan[0]);
    }

    [Fact]
    public void A_third_refusal_says_nothing_of_the_message_and_a_person_that_is_gone_is_not_struck_off()
    {
        var at = s_at with { SentToOthersSince = (_, _) => true };
        var refused = Outcomes.OfRecipient(OutcomeKind.Refused, "5.1.1", Given.Email);
        var third = s_alone.With(new Tally { Channel = Channel.Email, Refusals = 2, RefusedAt = World.Now });
        Assert.Equal(OutcomeKind.Refused, Settlement.Resolve(third, Channel.Email, refused with { OnTrial = true }, at.Profile, at.SentToOthersSince));
        Assert.Equal(2, Apply(third, refused, at).TallyOf(Channel.Email).Refusals);

        var gone = Outcomes.OfRecipient(OutcomeKind.AddressGone, "blocked", Given.Chat) with { OnTrial = true };
        Assert.Same(World.Everywhere, AddressEffects.After(World.Everywhere, s_alone.Id, Channel.Telegram, OutcomeKind.AddressGone, gone, World.Now));
        DeviceOutcome device = new() { SubscriptionId = World.Device.Id, Service = "https://fcm.googleapis.com", Kind = OutcomeKind.AddressGone, OnTrial = true };
        var push = Outcomes.Of(OutcomeKind.AddressGone) with { Devices = [device] };
        Assert.Same(World.Everywhere, AddressEffects.After(World.Everywhere, s_alone.Id, Channel.Push, OutcomeKind.AddressGone, push, World.Now));
    }

    [Fact]
    public void A_message_that_can_never_succeed_is_given_up_as_ever() =>
        Assert.Equal((0, true), Counted(Apply(s_withOthers, Outcomes.OfRecipient(OutcomeKind.Rejected)), Channel.Push));

    [Fact]
    public void An_address_that_no_mail_can_be_sent_to_needs_no_provider_to_say_so()
    {
        var bad = Outcomes.Of(OutcomeKind.AddressGone, "bad_address", Given.Email) with { SpeaksOf = SpeaksOf.Recipient, OnTrial = true };
        Assert.True(Apply(s_alone, bad).TallyOf(Channel.Email).GivenUp);
        Assert.Single(AddressEffects.After(World.Everywhere, s_alone.Id, Channel.Email, OutcomeKind.AddressGone, bad, World.Now).Disabled);
    }

    private static (int, bool) Counted(Message message, Channel channel) => (message.TallyOf(channel).Attempts, message.TallyOf(channel).GivenUp);
}
