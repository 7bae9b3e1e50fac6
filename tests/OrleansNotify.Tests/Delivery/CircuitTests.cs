using OrleansNotify.Delivery;

namespace OrleansNotify.Tests.Delivery;

public sealed class CircuitTests
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void It_is_on_trial_after_ten_seconds_and_after_each_failed_trial_twice_as_late_up_to_sixty()
    {
        var circuit = Circuit.Open(s_now, "timeout");
        var now = s_now;
        foreach (var wait in new[] { 10, 20, 40, 60, 60 })
        {
            Assert.False(circuit.IsOnTrial(now.AddSeconds(wait).AddTicks(-1)));
            now = now.AddSeconds(wait);
            Assert.True(circuit.IsOnTrial(now));
            circuit = circuit.Reopen(now, "again");
        }

        Assert.Equal((s_now, "again"), (circuit.OpenedAt, circuit.Reason));
    }

    [Fact]
    public void It_is_open_again_while_its_trial_runs_and_the_trial_is_lost_after_the_hard_end()
    {
        var now = s_now.AddSeconds(10);
        var trial = Circuit.Open(s_now, "timeout") with { Trial = new Trial(Guid.CreateVersion7(s_now), now.AddSeconds(30)) };

        Assert.False(trial.IsOnTrial(now));
        Assert.False(trial.IsTrialLost(now.AddSeconds(39)));
        Assert.True(trial.IsTrialLost(now.AddSeconds(40)));
        Assert.False(Circuit.Open(s_now, "timeout").IsTrialLost(now.AddDays(1)));
    }

    [Fact]
    public void A_trial_that_did_not_happen_is_made_up_for_in_a_second_and_says_nothing()
    {
        var now = s_now.AddSeconds(15);
        var trial = Circuit.Open(s_now, "timeout") with { Trial = new Trial(Guid.CreateVersion7(s_now), now.AddSeconds(30)) };

        var untried = trial.Untried(now);

        Assert.False(untried.IsOnTrial(now));
        Assert.True(untried.IsOnTrial(now.AddSeconds(1)));
        Assert.Equal((trial.Wait, trial.OpenedAt, trial.Reason), (untried.Wait, untried.OpenedAt, untried.Reason));
    }

    [Theory]
    [InlineData(true, 0, true), InlineData(false, 0, false), InlineData(false, 599, false)]
    public void Urgent_messages_pass_it_over_at_once_and_others_after_ten_minutes(bool urgent, int seconds, bool passed)
    {
        var circuit = Circuit.Open(s_now, "timeout") with { TrialAt = s_now.AddHours(1) };
        Assert.Equal(passed, circuit.IsPassedOver(urgent, s_now.AddSeconds(seconds)));
        Assert.True(circuit.IsPassedOver(urgent, s_now.AddMinutes(10)));
        Assert.False(circuit.IsPassedOver(urgent, s_now.AddHours(1)));
    }
}
