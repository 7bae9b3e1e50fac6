using OrleansNotify.Delivery;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Users;

namespace OrleansNotify.Tests.Delivery;

public sealed class SettlementTests
{
    private static readonly Situation s_at = World.At();
    private static readonly Message s_alone = World.Message.Sending(s_at, Channel.Email) with { Requested = Channel.Email, Fallback = false };
    private static readonly Message s_withOthers = World.Message.Sending(s_at, Channel.Push, Channel.Telegram, Channel.Email);

    [Fact]
    public void Sent_settles()
    {
        var (message, end) = Apply(s_alone, Outcomes.Sent);
        Assert.Equal(new Next.End(MessageStatus.Sent, null), end);
        Assert.Null(message.Running);
        var last = message.Events[^1];
        Assert.Equal((MessageEventType.Attempt, "sent", "id-1", 1500, false), (last.Type, last.Outcome, last.ProviderId, last.DurationMs, last.MaybeDuplicate));
    }

    [Theory]
    [InlineData(OutcomeKind.Retry), InlineData(OutcomeKind.Unknown), InlineData(OutcomeKind.Refused)]
    public void A_failure_is_counted_and_tried_again_after_the_backoff(object of)
    {
        var kind = (OutcomeKind)of;
        var (message, end) = Apply(s_alone, Outcomes.Of(kind, "timeout"));
        Assert.Null(end);
        var tally = message.TallyOf(Channel.Email);
        Assert.Equal((1, false, World.Now.AddSeconds(1)), (tally.Attempts, tally.GivenUp, tally.NotBefore));
        Assert.Equal(kind == OutcomeKind.Unknown ? 1 : 0, tally.Unknowns);
        Assert.Equal("timeout", message.LastReason);
        Assert.Equal(kind == OutcomeKind.Unknown, message.Events[^1].MaybeDuplicate);
    }

    [Theory]
    [InlineData(Channel.Push, 2), InlineData(Channel.Telegram, 3), InlineData(Channel.Email, 3)]
    public void While_others_remain_a_channel_gives_up_early(Channel channel, int attempts)
    {
        for (var before = 0; before < attempts; before++)
        {
            var tried = Running(World.Message.With(new Tally { Channel = channel, Attempts = before }), channel);
            Assert.Equal(before + 1 == attempts, Apply(tried, Outcomes.Of(OutcomeKind.Retry)).Message.TallyOf(channel).GivenUp);
        }
    }

    [Fact]
    public void The_last_channel_gets_the_whole_schedule()
    {
        var message = s_alone;
        for (var attempt = 1; attempt <= 6; attempt++)
        {
            message = Apply(message, Outcomes.Of(OutcomeKind.Retry)).Message with { Running = s_alone.Running };
            Assert.Equal(attempt == 6, message.TallyOf(Channel.Email).GivenUp);
        }
    }

    [Fact]
    public void The_third_unknown_outcome_on_a_channel_gives_it_up()
    {
        var message = Running(s_alone.With(new Tally { Channel = Channel.Email, Attempts = 2, Unknowns = 2 }), Channel.Email);
        Assert.True(Apply(message, Outcomes.Of(OutcomeKind.Unknown)).Message.TallyOf(Channel.Email).GivenUp);
        Assert.False(Apply(message, Outcomes.Of(OutcomeKind.Retry)).Message.TallyOf(Channel.Email).GivenUp);
    }

    [Fact]
    public void The_third_attempt_that_ended_with_its_silo_is_poison()
    {
        var lost = Outcomes.Of(OutcomeKind.Unknown, "silo_lost");
        var second = s_alone with { SilosLost = 1 };
        Assert.Null(Settlement.Apply(second, second.Running!, lost, null, s_at, siloLost: true).End);
        var third = s_alone with { SilosLost = 2 };
        var (message, end) = Settlement.Apply(third, third.Running!, lost, null, s_at, siloLost: true);
        Assert.Equal(new Next.End(MessageStatus.DeadLettered, Reasons.Poison), end);
        Assert.Equal(3, message.SilosLost);
        Assert.Null(message.Events[^1].DurationMs);
    }

    [Fact]
    public void A_chat_that_moves_is_written_to_again_at_once_and_a_second_move_means_that_it_is_gone()
    {
        var moved = Outcomes.Of(OutcomeKind.Busy, "moved") with { RetryAfter = TimeSpan.Zero, NewChatId = "-100" };
        var chat = Running(World.Message, Channel.Telegram);
        var once = Apply(chat, moved).Message;
        Assert.True(once.Moved);
        Assert.Equal((0, null, false), (once.TallyOf(Channel.Telegram).Attempts, once.TallyOf(Channel.Telegram).NotBefore, once.TallyOf(Channel.Telegram).IsBusy));
        Assert.Equal(OutcomeKind.AddressGone, Settlement.Resolve(once, Channel.Telegram, moved, s_at.Profile, s_at.SentToOthersSince));
        Assert.True(Apply(Running(once, Channel.Telegram), moved).Message.TallyOf(Channel.Telegram).GivenUp);
    }

    [Theory]
    [InlineData(OutcomeKind.Rejected), InlineData(OutcomeKind.AddressGone)]
    public void What_can_never_succeed_gives_the_channel_up_at_once(object kind) =>
        Assert.True(Apply(s_withOthers, Outcomes.Of((OutcomeKind)kind)).Message.TallyOf(Channel.Push).GivenUp);

    [Fact]
    public void A_fault_of_ours_counts_no_attempt()
    {
        var tally = Apply(s_withOthers, Outcomes.Of(OutcomeKind.ChannelFault)).Message.TallyOf(Channel.Push);
        Assert.Equal((0, false, null), (tally.Attempts, tally.GivenUp, tally.NotBefore));
    }

    [Fact]
    public void Devices_that_rejected_a_message_are_remembered_once()
    {
        DeviceOutcome rejected = new() { SubscriptionId = "d1", Service = "https://a.example", Kind = OutcomeKind.Rejected };
        var outcome = Outcomes.Of(OutcomeKind.Retry) with { Devices = [rejected, rejected with { SubscriptionId = "d2", Kind = OutcomeKind.Retry }] };
        var once = Apply(s_withOthers, outcome).Message;
        Assert.Equal(["d1"], Apply(once with { Running = s_withOthers.Running }, outcome).Message.RejectedDevices);
    }

    [Fact]
    public void Every_outcome_has_a_name() => Assert.Equal(
        ["sent", "busy", "retry", "unknown", "refused", "rejected", "address_gone", "channel_fault"],
        Enum.GetValues<OutcomeKind>().Where(kind => kind != OutcomeKind.Withdrawn).Select(Settlement.Name));

    private static Message Running(Message message, Channel channel) => message.Sending(s_at, channel);

    private static (Message Message, Next.End? End) Apply(Message message, Outcome outcome) =>
        Settlement.Apply(message, message.Running!, outcome, TimeSpan.FromSeconds(1.5), s_at);
}
