using OrleansNotify.Delivery;
using OrleansNotify.Tests.Cluster;

namespace OrleansNotify.Tests.Delivery;

public sealed class FailureRunTests
{
    private static readonly ChannelSign s_either = ChannelSign.Of(Outcomes.Of(OutcomeKind.Retry)), s_answered = s_either with { Answered = true };

    private static FailureRun Run(int count, Func<FailureRun, int, FailureRun> next) => Enumerable.Range(0, count).Aggregate(FailureRun.None, next);

    [Fact]
    public void What_speaks_of_the_channel_counts_each_time()
    {
        var run = Run(4, (run, _) => Channel(run));
        Assert.False(run.IsTooLong);
        Assert.True(Channel(run).IsTooLong);

        static FailureRun Channel(FailureRun run) => run.Then(s_answered with { SpeaksOf = SpeaksOf.Channel }, "a.example", "t", World.Now);
    }

    [Fact]
    public void What_may_speak_of_either_counts_once_a_minute_for_each_recipient()
    {
        var run = Run(20, (run, _) => run.Then(s_either, "a.example", "t", World.Now));
        foreach (var other in new[] { "b.example", "c.example", "d.example" }) run = run.Then(s_either, other, "t", World.Now);
        Assert.False(run.IsTooLong);
        Assert.False(run.Then(s_either, "a.example", "t", World.Now.AddSeconds(59)).IsTooLong);
        Assert.True(run.Then(s_either, "a.example", "t", World.Now.AddSeconds(60)).IsTooLong);
        Assert.True(run.Then(s_either, "e.example", "t", World.Now).IsTooLong);
    }

    [Fact]
    public void And_where_there_was_an_answer_once_a_minute_for_each_template()
    {
        var run = Run(100, (run, i) => run.Then(s_answered, $"d{i}.example", "t", World.Now.AddMilliseconds(i)));
        Assert.False(run.IsTooLong);
        var others = Run(5, (run, i) => run.Then(s_answered, $"d{i}.example", $"t{i}", World.Now));
        Assert.True(others.IsTooLong);
    }

    [Fact]
    public void A_success_and_what_speaks_of_the_recipient_start_again_from_zero()
    {
        var run = FailureRun.None.Then(s_either, "a.example", "t", World.Now);
        Assert.Same(FailureRun.None, Then(run, Outcomes.Sent));
        foreach (var kind in new[] { OutcomeKind.Busy, OutcomeKind.Retry, OutcomeKind.Refused, OutcomeKind.Rejected, OutcomeKind.AddressGone })
            Assert.Same(FailureRun.None, Then(run, Outcomes.OfRecipient(kind)));
    }

    [Fact]
    public void What_asks_to_come_later_and_what_asked_no_provider_add_nothing()
    {
        var run = FailureRun.None.Then(s_either, "a.example", "t", World.Now);
        foreach (var kind in new[] { OutcomeKind.Busy, OutcomeKind.Withdrawn, OutcomeKind.Rejected, OutcomeKind.AddressGone })
            Assert.Same(run, Then(run, Outcomes.Of(kind)));
        // A text that cannot be made speaks of its message, but no provider said so.
        Assert.Same(run, Then(run, Outcomes.Of(OutcomeKind.Rejected) with { SpeaksOf = SpeaksOf.Recipient }));
    }

    private static FailureRun Then(FailureRun run, Outcome outcome) => run.Then(ChannelSign.Of(outcome), "b.example", "u", World.Now);
}
