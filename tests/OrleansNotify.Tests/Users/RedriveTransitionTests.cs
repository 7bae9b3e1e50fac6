using System.Text.Json;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Users;

namespace OrleansNotify.Tests.Users;

public sealed class RedriveTransitionTests
{
    private static readonly DateTimeOffset s_later = World.Now.AddDays(9);

    private static readonly Message s_letter = World.Message with
    {
        Status = MessageStatus.DeadLettered,
        Channel = Channel.Email,
        Plan = [Channel.Email],
        Urgent = true,
        Letters = 2,
        AttemptsBegun = 6,
        Tallies = [new Tally { Channel = Channel.Email, Attempts = 6, GivenUp = true }],
        RejectedDevices = ["d"],
        SilosLost = 1,
        Moved = true,
        UnrenderableSince = World.Now,
        HeldByQuietHours = true,
        WaitsForChat = true,
        DeliverAt = World.Now,
        SendAt = World.Now,
        ExpiresAt = World.Now.AddDays(10),
        LastReason = "timeout",
        Reason = "timeout",
        SettledAt = World.Now,
    };

    [Fact]
    public void A_redriven_message_is_as_if_it_had_just_been_accepted_but_for_its_timeline()
    {
        var redriven = Transition.Redrive(s_letter, "ops", bulk: false, s_later);
        var fresh = World.Message with
        {
            Plan = [Channel.Email],
            Letters = 2,
            AttemptsBegun = 6,
            SendAt = World.Now,
            ExpiresAt = World.Now.AddDays(10),
            LookAt = s_later,
            LifeEnds = s_later.AddHours(24),
            Events = [.. World.Message.Events, new MessageEvent { At = s_later, Type = MessageEventType.Redriven, Detail = "ops" }],
        };
        Assert.Equal(JsonSerializer.Serialize(fresh), JsonSerializer.Serialize(redriven));
    }

    [Theory]
    [InlineData(Priority.Transactional, false, Priority.Transactional, 24), InlineData(Priority.Transactional, true, Priority.Campaign, 24)]
    [InlineData(Priority.Campaign, false, Priority.Campaign, 72), InlineData(Priority.Campaign, true, Priority.Campaign, 72)]
    public void One_of_many_waits_in_the_campaign_lane_and_keeps_its_priority_and_life(Priority priority, bool bulk, Priority lane, int hours)
    {
        var redriven = Transition.Redrive(s_letter with { Priority = priority, LanePriority = Priority.Transactional }, "ops", bulk, s_later);
        Assert.Equal((priority, lane, s_later.AddHours(hours)), (redriven.Priority, redriven.LanePriority, redriven.LifeEnds));
    }

    [Fact]
    public void A_discarded_one_says_by_whom_and_when()
    {
        var discarded = Transition.Discard(s_letter, "ops", s_later);
        Assert.Equal((MessageStatus.DeadLettered, s_later, "timeout"), (discarded.Status, discarded.SettledAt, discarded.Reason));
        Assert.Equal(new MessageEvent { At = s_later, Type = MessageEventType.Discarded, Detail = "ops" }, discarded.Events[^1]);
    }
}
