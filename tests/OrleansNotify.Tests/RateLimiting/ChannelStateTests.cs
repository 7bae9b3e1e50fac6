using OrleansNotify.Delivery;
using OrleansNotify.RateLimiting;
using OrleansNotify.Tests.Cluster;

namespace OrleansNotify.Tests.RateLimiting;

public sealed class ChannelStateTests
{
    private const string Service = "https://fcm.googleapis.com", Other = "https://web.push.apple.com";
    private static readonly DateTimeOffset s_now = World.Now;

    [Fact]
    public void A_circuit_that_is_open_stays_as_it_is_when_it_is_opened_again()
    {
        var open = ChannelState.Clear.Open(null, "timeout", s_now);
        Assert.Equal(open, open.Open(null, "later", s_now.AddSeconds(3)));
        Assert.True(open.IsShut(s_now));
        Assert.False(open.IsShut(s_now.AddSeconds(10)));
        Assert.False(ChannelState.Clear.IsShut(s_now));
    }

    [Fact]
    public void The_longer_of_two_pauses_holds()
    {
        var paused = ChannelState.Clear.Pause(null, s_now.AddSeconds(9), s_now).Pause(null, s_now.AddSeconds(5), s_now);
        Assert.Equal(s_now.AddSeconds(9), paused.PausedUntil);
        Assert.Equal(s_now.AddSeconds(12), paused.Pause(null, s_now.AddSeconds(12), s_now).PausedUntil);
        Assert.True(paused.IsPaused(s_now.AddSeconds(8.9)));
        Assert.True(paused.IsShut(s_now));
        Assert.Null(new ServiceState().NotBefore(s_now));
        Assert.False(paused.IsShut(s_now.AddSeconds(9)));
    }

    [Fact]
    public void A_pause_ends_within_an_hour_whatever_a_provider_says_or_the_store_has_kept()
    {
        var paused = ChannelState.Clear.Pause(null, DateTimeOffset.MaxValue, s_now).Pause(Service, s_now.AddDays(2), s_now);
        Assert.Equal((s_now.AddHours(1), s_now.AddHours(1)), (paused.PausedUntil, paused.Of(Service)!.PausedUntil));

        ServiceState believed = new() { PausedUntil = s_now.AddDays(2) };
        ChannelState kept = new() { PausedUntil = DateTimeOffset.MaxValue, Services = ChannelState.Clear.Services.Add(Service, believed) };
        Assert.False(kept.IsShut(s_now));
        Assert.Null(kept.Of(Service)!.NotBefore(s_now));
        var anew = kept.Pause(null, s_now.AddSeconds(5), s_now).Pause(Other, s_now.AddSeconds(5), s_now);
        Assert.Equal((s_now.AddSeconds(5), null), (anew.PausedUntil, anew.Of(Service)));
    }

    [Fact]
    public void An_owner_lifts_every_pause_and_no_circuit()
    {
        var state = ChannelState.Clear.Open(null, "500", s_now).Pause(null, s_now.AddMinutes(5), s_now)
            .Open(Service, "500", s_now).Pause(Service, s_now.AddMinutes(5), s_now).Pause(Other, s_now.AddMinutes(5), s_now);
        var lifted = state.Lift();
        Assert.Equal((null, state.Circuit, 1), (lifted.PausedUntil, lifted.Circuit, lifted.Lifts));
        var service = Assert.Single(lifted.Services);
        Assert.Equal((Service, null, state.Of(Service)!.Circuit), (service.Key, service.Value.PausedUntil, service.Value.Circuit));
    }

    [Fact]
    public void A_trial_closes_the_circuit_or_opens_it_anew()
    {
        var open = ChannelState.Clear.Open(null, "timeout", s_now);
        var trying = open.Try(null, open.Circuit!, new Trial(Guid.Empty, s_now.AddSeconds(40)), s_now);
        Assert.True(trying.IsShut(s_now.AddSeconds(20)));
        Assert.Null(trying.EndTrial(null, failed: false, "", s_now).Circuit);
        Assert.Equal(s_now.AddSeconds(40), trying.EndTrial(null, failed: true, "again", s_now.AddSeconds(20)).Circuit!.TrialAt);
        Assert.Equal(ChannelState.Clear, ChannelState.Clear.EndTrial(null, failed: true, "late", s_now));
    }

    [Fact]
    public void A_trial_that_has_ended_by_the_time_it_is_noted_is_not_waited_for()
    {
        var tried = ChannelState.Clear.Open(null, "timeout", s_now);
        var failed = tried.EndTrial(null, failed: true, "again", s_now.AddSeconds(10));

        Assert.Equal(failed, failed.Try(null, tried.Circuit!, new Trial(Guid.Empty, s_now.AddSeconds(40)), s_now.AddSeconds(10)));
        Assert.Equal(ChannelState.Clear, ChannelState.Clear.Try(null, tried.Circuit!, new Trial(Guid.Empty, s_now), s_now));
    }

    [Fact]
    public void What_one_message_did_not_try_another_may_and_what_others_try_goes_on()
    {
        var (mine, others, now) = (Guid.CreateVersion7(s_now), Guid.CreateVersion7(s_now), s_now.AddSeconds(10));
        var open = ChannelState.Clear.Open(null, "timeout", s_now).Open(Service, "500", s_now).Open(Other, "500", s_now);
        var trying = Try(Try(Try(open, null, mine), Service, mine), Other, others);
        Assert.True(trying.IsTriedBy(mine));

        var untried = trying.Untried(mine, now);

        Assert.False(untried.IsTriedBy(mine));
        Assert.True(untried.IsTriedBy(others));
        Assert.False(untried.IsShut(now.AddSeconds(1)));
        Assert.Equal(now.AddSeconds(1), untried.Of(Service)!.NotBefore(now));
        Assert.Equal(trying.Of(Other), untried.Of(Other));
        Assert.Equal(untried, untried.Untried(mine, now));
        Assert.Equal(ChannelState.Clear, ChannelState.Clear.Untried(mine, now));

        ChannelState Try(ChannelState state, string? service, Guid message) => state.Try(
            service, (service is null ? state.Circuit : state.Of(service)!.Circuit)!, new Trial(message, now.AddSeconds(30)), now);
    }

    [Fact]
    public void A_trial_that_is_over_before_it_is_noted_is_not_noted_any_more()
    {
        var (mine, now) = (Guid.CreateVersion7(s_now), s_now.AddSeconds(10));
        var open = ChannelState.Clear.Open(null, "timeout", s_now);

        var untried = open.Untried(mine, now);

        Assert.Equal(untried, untried.Try(null, open.Circuit!, new Trial(mine, now.AddSeconds(30)), now));
        Assert.False(untried.IsShut(now.AddSeconds(1)));
    }

    [Fact]
    public void Each_push_service_has_a_state_of_its_own_and_what_is_over_is_forgotten()
    {
        var state = ChannelState.Clear.Open(Service, "timeout", s_now).Pause(Other, s_now.AddSeconds(5), s_now);
        Assert.Null(state.Circuit);
        Assert.Equal(s_now.AddSeconds(10), state.Of(Service)!.NotBefore(s_now));
        Assert.Equal(s_now.AddSeconds(5), state.Of(Other)!.NotBefore(s_now));
        Assert.Null(state.Of(Other)!.NotBefore(s_now.AddSeconds(5)));
        Assert.Null(state.Of("https://elsewhere.example"));

        var closed = state.EndTrial(Service, failed: false, "", s_now.AddSeconds(6));
        Assert.Empty(closed.Services);
    }

    [Fact]
    public void A_service_is_not_tried_before_its_pause_its_trial_and_the_end_of_anothers_trial()
    {
        ServiceState open = new() { Circuit = Circuit.Open(s_now, "timeout") };
        Assert.Equal(s_now.AddSeconds(99), (open with { PausedUntil = s_now.AddSeconds(99) }).NotBefore(s_now));
        Assert.Equal(s_now.AddSeconds(10), (open with { PausedUntil = s_now.AddSeconds(5) }).NotBefore(s_now));
        var trying = open with { Circuit = open.Circuit! with { Trial = new Trial(Guid.Empty, s_now.AddSeconds(40)) } };
        Assert.Equal(s_now.AddSeconds(50), trying.NotBefore(s_now.AddSeconds(11)));
        Assert.Equal(s_now.AddSeconds(1), new ServiceState { PausedUntil = s_now.AddSeconds(1) }.NotBefore(s_now));
    }

    [Fact]
    public void However_many_services_there_are_only_so_many_are_kept()
    {
        var state = Enumerable.Range(0, ChannelState.MostServices + 5).Aggregate(
            ChannelState.Clear, (all, i) => all.Pause($"https://p{i}.example", s_now.AddMinutes(i + 1), s_now));
        Assert.Equal(ChannelState.MostServices, state.Services.Count);
        Assert.NotNull(state.Of($"https://p{ChannelState.MostServices + 4}.example"));
        Assert.Null(state.Of("https://p0.example"));
        var full = state.Open("https://p70.example", "x", s_now).Open("https://p71.example", "x", s_now);
        Assert.Equal(ChannelState.MostServices, full.Services.Count);
    }
}
