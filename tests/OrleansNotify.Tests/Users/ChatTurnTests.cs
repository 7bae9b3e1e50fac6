using CsCheck;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Users;

namespace OrleansNotify.Tests.Users;

public sealed class ChatTurnTests
{
    private const string Person = "4711", Group = "-1001";

    [Theory]
    [InlineData("4711", 1.05)]
    [InlineData("-100123", 3.15)]
    [InlineData("@prices", 3.15)]
    public void A_person_takes_one_a_second_and_a_group_twenty_a_minute(string chat, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), ChatTurn.SpacingOf(chat));

    [Fact]
    public void A_chat_that_is_free_is_not_waited_for() =>
        Assert.Null(ChatTurn.MomentOf(World.Message, [World.Message, Other()], Person, null, World.Now));

    [Fact]
    public void A_chat_that_was_just_written_to_is_waited_for()
    {
        var free = World.Now.AddSeconds(0.4);
        Assert.Equal(free, ChatTurn.MomentOf(World.Message, [], Person, free, World.Now));
        Assert.Null(ChatTurn.MomentOf(World.Message, [], Person, free, free));
    }

    [Fact]
    public void One_of_a_chat_lies_in_the_lane_and_the_next_comes_a_moment_later()
    {
        Assert.Equal(World.Now.AddMilliseconds(1050), ChatTurn.MomentOf(World.Message, [InLane()], Person, null, World.Now));
        Assert.Equal(World.Now.AddMilliseconds(3150), ChatTurn.MomentOf(World.Message, [InLane()], Group, null, World.Now));
        Assert.Equal(World.Now.AddMilliseconds(2050), ChatTurn.MomentOf(World.Message, [InLane()], Person, World.Now.AddSeconds(1), World.Now));
        Assert.Null(ChatTurn.MomentOf(World.Message, [InLane() with { Id = World.Message.Id }], Person, null, World.Now));
        Assert.Null(ChatTurn.MomentOf(World.Message, [InLane() with { LanePriority = Priority.Campaign }], Person, null, World.Now));
        Assert.Null(ChatTurn.MomentOf(World.Message, [InLane() with { Channel = Channel.Email }], Person, null, World.Now));
    }

    [Fact]
    public void Those_that_wait_come_one_free_moment_after_another()
    {
        Message[] waiting = [InLane(), Waits(1.05), Waits(2.1)];
        Assert.Equal(World.Now.AddMilliseconds(3150), ChatTurn.MomentOf(World.Message, waiting, Person, null, World.Now));
        // A moment that has passed without its message is nobody's.
        Assert.Equal(World.Now.AddMilliseconds(1050), ChatTurn.MomentOf(World.Message, [InLane(), Waits(-1)], Person, null, World.Now));
    }

    [Fact]
    public void An_urgent_one_waits_for_none_that_is_not()
    {
        var urgent = World.Message with { Urgent = true };
        Assert.Null(ChatTurn.MomentOf(urgent, [InLane(), Waits(1.05)], Person, null, World.Now));
        Assert.Equal(World.Now.AddMilliseconds(1050), ChatTurn.MomentOf(urgent, [InLane() with { Urgent = true }], Person, null, World.Now));
    }

    [Fact]
    public void Whoever_goes_into_the_lane_displaces_who_is_there()
    {
        var there = InLane();
        Assert.Equal([there], ChatTurn.Displaced(World.Message, [World.Message, there, Waits(1), Other()]));
        Assert.Empty(ChatTurn.Displaced(there, [there, InLane() with { LanePriority = Priority.Campaign }]));
    }

    [Fact]
    public void No_moment_is_given_twice() => Gen.Select(Gen.Bool.List[1, 20], Gen.Int[0, 3000]).Sample((urgencies, freeIn) =>
    {
        var free = World.Now.AddMilliseconds(freeIn);
        List<Message> outbox = [];
        foreach (var urgent in urgencies)
        {
            var message = World.Message with { Id = Guid.NewGuid(), Urgent = urgent };
            var moment = ChatTurn.MomentOf(message, outbox, Person, free, World.Now);
            outbox.Add(moment is { } at
                ? message with { WaitsForChat = true, LookAt = at }
                : message with { Status = MessageStatus.Waiting, Channel = Channel.Telegram });
        }

        foreach (var same in outbox.GroupBy(message => message.Urgent))
        {
            Assert.True(same.Count(message => message.Lane is not null) <= 1);
            var moments = same.Where(message => message.WaitsForChat).Select(message => message.LookAt).Order().ToList();
            Assert.All(moments, at => Assert.True(at >= World.Now));
            Assert.All(moments.Zip(moments.Skip(1)), pair => Assert.True(pair.Second - pair.First >= ChatTurn.SpacingOf(Person)));
        }
    });

    private static Message Other() => World.Message with { Id = Guid.NewGuid(), Status = MessageStatus.Deferred };

    private static Message InLane() => World.Message with { Id = Guid.NewGuid(), Status = MessageStatus.Waiting, Channel = Channel.Telegram };

    private static Message Waits(double seconds) =>
        World.Message with { Id = Guid.NewGuid(), WaitsForChat = true, LookAt = World.Now.AddSeconds(seconds) };
}
