using OrleansNotify.Delivery;

namespace OrleansNotify.Tests.Delivery;

public sealed class FailureRunTests
{
    [Fact]
    public void The_fifth_person_in_a_row_is_too_much_and_one_person_counts_once()
    {
        var run = Enumerable.Range(0, 20).Aggregate(FailureRun.None, (r, _) => r.Then("ann", OutcomeKind.Retry, false));
        foreach (var person in new[] { "bob", "cat", "dan" }) run = run.Then(person, OutcomeKind.Unknown, false);
        Assert.False(run.IsTooLong);
        Assert.True(run.Then("eve", OutcomeKind.Refused, false).IsTooLong);
    }

    [Fact]
    public void A_failure_to_connect_counts_whoever_it_was_for()
    {
        var run = Enumerable.Range(0, 4).Aggregate(FailureRun.None, (r, _) => r.Then("ann", OutcomeKind.Retry, true));
        Assert.False(run.IsTooLong);
        Assert.True(run.Then("ann", OutcomeKind.Retry, true).IsTooLong);
    }

    [Fact]
    public void Any_other_answer_starts_again_from_zero_and_what_did_not_happen_says_nothing()
    {
        var run = FailureRun.None.Then("ann", OutcomeKind.Retry, false);
        Assert.Same(run, run.Then("bob", OutcomeKind.Withdrawn, false));
        foreach (var kind in new[] { OutcomeKind.Sent, OutcomeKind.Busy, OutcomeKind.Rejected, OutcomeKind.AddressGone })
            Assert.Equal(FailureRun.None, run.Then("bob", kind, false));
    }
}
