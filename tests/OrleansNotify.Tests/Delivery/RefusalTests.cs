using OrleansNotify.Delivery;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Users;

namespace OrleansNotify.Tests.Delivery;

/// <summary>A refusal that does not say whose fault it is.</summary>
public sealed class RefusalTests
{
    private static readonly Situation s_at = World.At();
    private static readonly Message s_alone = World.Message.Sending(s_at, Channel.Email) with { Requested = Channel.Email, Fallback = false };
    private static readonly Message s_withOthers = World.Message.Sending(s_at, Channel.Email, Channel.Push, Channel.Telegram) with { Requested = Channel.Email };
    private static readonly Outcome s_ofRecipient = Outcomes.OfRecipient(OutcomeKind.Refused, "5.1.1", Given.Email), s_other = Outcomes.Of(OutcomeKind.Refused, "5.7.1", Given.Email);

    private static Message Refused(Message message, int times) =>
        message.With(new Tally { Channel = Channel.Email, Attempts = times, Refusals = times, RefusedAt = World.Now.AddSeconds(-3) });

    [Fact]
    public void The_first_two_are_failures_and_counted_on_their_channel()
    {
        var (message, second) = (s_alone, World.At(after: TimeSpan.FromSeconds(1)));
        message = Settlement.Apply(message, message.Running!, s_ofRecipient, null, s_at).Message;
        Assert.Equal((1, 1, World.Now), Counted(message));
        Assert.Equal("refused", message.Events[^1].Outcome);
        message = Settlement.Apply(message, s_alone.Running!, s_ofRecipient, null, second).Message;
        Assert.Equal((2, 2, second.Now), Counted(message));
        Assert.Equal(0, message.TallyOf(Channel.Telegram).Refusals);

        static (int, int, DateTimeOffset?) Counted(Message message)
        {
            var tally = message.TallyOf(Channel.Email);
            return (tally.Refusals, tally.Attempts, tally.RefusedAt);
        }
    }

    [Theory]
    [InlineData(true, true, OutcomeKind.AddressGone), InlineData(false, true, OutcomeKind.Rejected)]
    [InlineData(true, false, OutcomeKind.Busy), InlineData(false, false, OutcomeKind.Busy)]
    public void The_third_says_whose_fault_it_is_where_others_were_reached_since_the_one_before(bool ofRecipient, bool sentToOthers, object resolved)
    {
        var kind = (OutcomeKind)resolved;
        var third = Refused(s_alone, 2);
        var at = s_at with { SentToOthersSince = (channel, since) => sentToOthers && channel == Channel.Email && since == World.Now.AddSeconds(-3) };
        var (message, end) = Settlement.Apply(third, third.Running!, ofRecipient ? s_ofRecipient : s_other, null, at);
        Assert.Null(end);
        var tally = message.TallyOf(Channel.Email);
        Assert.Equal((Settlement.Name(kind), kind != OutcomeKind.Busy, 2), (message.Events[^1].Outcome, tally.GivenUp, tally.Attempts));
        if (kind == OutcomeKind.Busy) Assert.Equal((World.Now.AddSeconds(4), 3, World.Now), (tally.NotBefore, tally.Refusals, tally.RefusedAt));
    }

    [Fact]
    public void While_nobody_is_reached_it_is_asked_again_later_and_later_and_another_channel_goes_first()
    {
        var message = Settlement.Apply(Refused(s_withOthers, 2), s_withOthers.Running!, s_ofRecipient, null, s_at).Message;
        Assert.Equal([Channel.Push, Channel.Telegram, Channel.Email], Assert.IsType<Next.Ready>(Decision.For(message, s_at)).Plan);
        Assert.False(message.TallyOf(Channel.Email).GivenUp);
    }

    [Fact]
    public void An_address_that_was_refused_before_is_asked_again_later_from_the_first()
    {
        var profile = Refusing(World.Everywhere, Guid.NewGuid());
        var at = World.At(profile) with { SentToOthersSince = (_, _) => true };
        Assert.Equal(OutcomeKind.Busy, Resolve(s_alone, at));
        Assert.Equal(OutcomeKind.AddressGone, Resolve(Refused(s_alone, 1), at));
        Assert.Equal(OutcomeKind.Refused, Resolve(s_alone, World.At(Refusing(World.Everywhere, s_alone.Id))));
        var elsewhere = profile with { Refused = [profile.Refused[0] with { Address = "old@b.example" }] };
        Assert.Equal(OutcomeKind.Refused, Resolve(s_alone, World.At(elsewhere)));

        static OutcomeKind Resolve(Message message, Situation at) => Settlement.Resolve(message, Channel.Email, s_ofRecipient, at.Profile, at.SentToOthersSince);
    }

    [Fact]
    public void The_profile_remembers_it_until_something_is_taken_for_the_address()
    {
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());
        var refused = Refusing(World.Everywhere, first);
        Assert.Equal(new RefusedAddress { Channel = Channel.Email, Address = Given.Email, Message = first }, Assert.Single(refused.Refused));
        Assert.DoesNotContain(Given.Email, refused.Refused[0].ToString(), StringComparison.Ordinal);
        Assert.Same(refused, Refusing(refused, second));
        Assert.Same(World.Everywhere, AddressEffects.After(World.Everywhere, first, Channel.Email, OutcomeKind.Refused, s_ofRecipient with { OnTrial = true }, World.Now));

        Assert.Same(refused, After(refused, Channel.Telegram, Outcomes.Of(OutcomeKind.Sent, address: Given.Chat)));
        Assert.Empty(After(refused, Channel.Email, Outcomes.Of(OutcomeKind.Sent, address: Given.Email)).Refused);
        var both = After(refused, Channel.Telegram, Outcomes.OfRecipient(OutcomeKind.Refused, "chat_not_found", Given.Chat));
        Assert.Equal([Channel.Email, Channel.Telegram], both.Refused.Select(each => each.Channel));
        var changed = both with { Addresses = both.Addresses with { Email = "new@b.example" } };
        Assert.False(changed.IsRefused(Channel.Email, "new@b.example", second));
        Assert.Equal("new@b.example", After(changed, Channel.Email, s_ofRecipient with { Address = "new@b.example" }).Refused[^1].Address);
    }

    private static Profile Refusing(Profile profile, Guid message) =>
        AddressEffects.After(profile, message, Channel.Email, OutcomeKind.Busy, s_ofRecipient, World.Now);

    private static Profile After(Profile profile, Channel channel, Outcome outcome) =>
        AddressEffects.After(profile, World.Message.Id, channel, outcome.Kind, outcome, World.Now);
}
