using OrleansNotify.RateLimiting;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Users;

namespace OrleansNotify.Tests.Users;

public sealed class HoldingTests
{
    private static readonly Channel[] s_plan = [Channel.Push, Channel.Email];

    [Fact]
    public void Each_thing_that_may_follow_holds_by_its_own_word()
    {
        var until = World.Now.AddMinutes(1);
        (Next Next, string? Reason, Channel? Channel, DateTimeOffset? Until)[] all =
        [
            (new Next.Ready([.. s_plan]), Reasons.Turn, Channel.Push, null),
            (new Next.Hold(until, MessageStatus.Retrying, "500", [.. s_plan]), "500", Channel.Push, until),
            (new Next.Hold(until, MessageStatus.Retrying, Reasons.TemplateChanged, []), Reasons.TemplateChanged, null, until),
            (new Next.Hold(until, MessageStatus.Waiting, Reasons.ChatLimit, [.. s_plan]), Reasons.ChatLimit, Channel.Push, until),
            (new Next.Hold(until, MessageStatus.Deferred, Reasons.QuietHours, [], until.AddHours(1)), Reasons.QuietHours, null, until.AddHours(1)),
            (new Next.HandBack(), Reasons.CampaignPaused, null, null),
            (new Next.End(MessageStatus.Expired, "expires_at"), null, null, null),
        ];
        foreach (var (next, reason, channel, end) in all)
        {
            var held = Holding.Of(World.Message, next, World.At());
            Assert.Equal((reason, channel, end), (held?.Reason, held?.Channel, held?.Until));
        }
    }

    [Fact]
    public void What_holds_the_channel_goes_before_a_turn_and_what_is_being_sent_is_not_held()
    {
        Obstacle obstacle = new(Reasons.CircuitOpen, World.Now.AddMinutes(5));
        var at = World.At() with { View = (_, _) => new ChannelView(false, null) { Obstacle = obstacle } };
        var held = Holding.Of(World.Message, new Next.Ready([.. s_plan]), at)!;
        Assert.Equal((Reasons.CircuitOpen, Channel.Push, obstacle.Until), (held.Reason, held.Channel, held.Until));
        Assert.Null(Holding.Of(World.Message.Sending(at, s_plan), new Next.Ready([.. s_plan]), at));
    }

    [Theory]
    [InlineData(MessageStatus.Waiting, Channel.Push, true), InlineData(MessageStatus.Retrying, Channel.Push, true), InlineData(MessageStatus.Waiting, Channel.Email, false)]
    [InlineData(MessageStatus.Deferred, Channel.Push, false), InlineData(MessageStatus.Sending, Channel.Push, false), InlineData(MessageStatus.Sent, Channel.Push, false)]
    public void A_message_waits_on_the_first_channel_of_its_plan(MessageStatus status, Channel channel, bool waits)
    {
        Assert.Equal(waits, (World.Message with { Status = status, Plan = [.. s_plan] }).WaitsOn(channel));
        Assert.False((World.Message with { Status = status, Plan = [] }).WaitsOn(channel));
    }
}
