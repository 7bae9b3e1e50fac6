using System.Collections.Immutable;
using OrleansNotify.Delivery;
using OrleansNotify.RateLimiting;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;
using OrleansNotify.Users;

namespace OrleansNotify.Tests.Delivery;

public sealed class ChannelHealthTests(StoreFixture stores) : IAsyncLifetime
{
    private const string Service = "https://fcm.googleapis.com", Other = "https://web.push.apple.com";
    private NotifyCluster _cluster = null!;

    private ChannelHealth Health => _cluster.Service<ChannelHealth>();

    private ChannelWatch Watch => _cluster.Service<ChannelWatch>();

    public async ValueTask InitializeAsync() => _cluster = await stores.Cluster(StoreKind.Embedded);

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public void The_fifth_failure_in_a_row_opens_the_circuit_and_a_success_in_between_does_not()
    {
        Fail(4);
        Note(Channel.Email, "other", Outcomes.Sent);
        Fail(4);
        Assert.Null(Watch.StateOf(Channel.Email).Circuit);
        Fail(1, from: 4);
        Assert.Equal("timeout", Watch.StateOf(Channel.Email).Circuit!.Reason);

        void Fail(int count, int from = 0)
        {
            for (var i = from; i < from + count; i++) Note(Channel.Email, $"u{i}", Outcomes.Of(OutcomeKind.Retry, "timeout", $"u{i}@d{i}.example"));
        }
    }

    [Fact]
    public void With_mail_a_domain_counts_as_one_recipient_and_elsewhere_a_person()
    {
        for (var i = 0; i < 20; i++) Note(Channel.Email, $"u{i}", Outcomes.Of(OutcomeKind.Retry, "timeout", $"u{i}@{(i % 2 == 0 ? "D" : "d")}.example"));
        Assert.Null(Watch.StateOf(Channel.Email).Circuit);
        for (var i = 0; i < 20; i++) Note(Channel.Telegram, "ann", Outcomes.Of(OutcomeKind.Retry, "timeout", "4711"));
        Assert.Null(Watch.StateOf(Channel.Telegram).Circuit);
        for (var i = 0; i < 5; i++) Note(Channel.Telegram, $"u{i}", Outcomes.Of(OutcomeKind.Retry, "timeout", $"{i}"));
        Assert.NotNull(Watch.StateOf(Channel.Telegram).Circuit);
    }

    [Fact]
    public void What_is_known_of_push_services_is_bounded()
    {
        for (var i = 0; i < 4; i++) Fail(Service);
        for (var i = 0; i < ChannelHealth.MostRuns; i++) Fail($"https://p{i}.example");
        Fail(Service);
        Assert.Empty(Watch.StateOf(Channel.Push).Services);

        void Fail(string service) => Note(Channel.Push, "ann", Push(Device(service, OutcomeKind.Retry) with { SpeaksOf = SpeaksOf.Channel }));
    }

    [Fact]
    public void Each_push_service_is_judged_by_what_it_says_itself()
    {
        for (var i = 0; i < 5; i++) Note(Channel.Push, $"u{i}", Push(Device(Service, OutcomeKind.Retry), Device(Other, OutcomeKind.Sent)));
        Assert.NotNull(Watch.StateOf(Channel.Push).Of(Service)?.Circuit);
        Assert.Null(Watch.StateOf(Channel.Push).Of(Other));
        Note(Channel.Push, "ann", Outcomes.Of(OutcomeKind.Rejected, "template"));
        Assert.Null(Watch.StateOf(Channel.Push).Circuit);
    }

    [Fact]
    public void Three_people_whose_devices_are_asked_to_wait_within_five_seconds_pause_their_service_and_no_other()
    {
        Busy("ann", Service, 120);
        Busy("ann", Service, 120);
        Busy("bob", Service, 20);
        Busy("cid", Other, 20);
        Assert.Empty(Watch.StateOf(Channel.Push).Services);
        Busy("dan", Service, 40);
        Assert.Equal(_cluster.Clock.GetUtcNow().AddSeconds(120), Watch.StateOf(Channel.Push).Of(Service)!.PausedUntil);
        Assert.Null(Watch.StateOf(Channel.Push).Of(Other));

        void Busy(string user, string service, int seconds) =>
            Note(Channel.Push, user, Push(Device(service, OutcomeKind.Busy) with { RetryAfter = TimeSpan.FromSeconds(seconds) }));
    }

    [Fact]
    public void Three_chats_that_are_asked_to_wait_within_five_seconds_pause_the_channel()
    {
        var now = _cluster.Clock.GetUtcNow();
        Busy("ann", 10);
        Busy("ann", 10);
        _cluster.Clock.Advance(TimeSpan.FromSeconds(6));
        Busy("bob", 20);
        Busy("cat", 90);
        Assert.Null(Watch.StateOf(Channel.Telegram).PausedUntil);
        Note(Channel.Telegram, "dan", Outcomes.Of(OutcomeKind.Busy));
        Note(Channel.Telegram, "dan", Outcomes.Of(OutcomeKind.Busy) with { RetryAfter = TimeSpan.Zero, NewChatId = "-1" });
        Busy("eve", 30);
        Assert.Equal(now.AddSeconds(6 + 90), Watch.StateOf(Channel.Telegram).PausedUntil);

        void Busy(string user, int seconds) =>
            Note(Channel.Telegram, user, Outcomes.Of(OutcomeKind.Busy) with { RetryAfter = TimeSpan.FromSeconds(seconds) });
    }

    [Fact]
    public void The_end_of_a_trial_is_told_unless_the_provider_was_not_asked()
    {
        Watch.Open(Channel.Email, null, "timeout");
        var wait = Watch.StateOf(Channel.Email).Circuit!.Wait;
        foreach (var kind in new[] { OutcomeKind.Withdrawn, OutcomeKind.Rejected }) Note(Channel.Email, "ann", Outcomes.Of(kind) with { OnTrial = true });
        Assert.Equal(wait, Watch.StateOf(Channel.Email).Circuit!.Wait);
        Note(Channel.Email, "ann", Outcomes.Of(OutcomeKind.Refused, "554") with { OnTrial = true });
        Assert.Equal(wait * 2, Watch.StateOf(Channel.Email).Circuit!.Wait);
        Note(Channel.Email, "ann", Outcomes.Of(OutcomeKind.Busy) with { OnTrial = true });
        Assert.Equal(wait * 4, Watch.StateOf(Channel.Email).Circuit!.Wait);
    }

    [Theory]
    [InlineData(OutcomeKind.Sent), InlineData(OutcomeKind.Busy), InlineData(OutcomeKind.Refused), InlineData(OutcomeKind.Rejected), InlineData(OutcomeKind.AddressGone)]
    public void A_trial_is_not_lost_by_a_recipients_fault(object kind)
    {
        Watch.Open(Channel.Email, null, "timeout");
        Note(Channel.Email, "ann", Outcomes.OfRecipient((OutcomeKind)kind) with { OnTrial = true });
        Assert.Null(Watch.StateOf(Channel.Email).Circuit);
    }

    [Fact]
    public async Task A_push_goes_to_the_devices_whose_service_is_free_and_tries_one_that_is_on_trial()
    {
        var admission = _cluster.Service<PushAdmission>();
        ImmutableArray<PushDevice> devices = [World.DeviceAt(Service + "/1"), World.DeviceAt(Other + "/2")];
        SendJob job = new()
        {
            MessageId = World.Message.Id,
            UserId = "ann",
            Template = World.Template("price_alert_triggered"),
            Vars = TemplateVars.Empty,
            Locale = "en",
            To = new Addresses { Devices = devices },
            LifeLeft = TimeSpan.FromHours(1),
        };
        var hardEnd = TimeSpan.FromSeconds(30);
        Assert.Same(job, (await admission.Admit(job, hardEnd)).Job);

        Watch.Open(Channel.Push, Service, "500");
        await Stored(state => state.Of(Service) is not null);
        Assert.Equal([devices[1]], (await admission.Admit(job, hardEnd)).Job!.To.Devices);

        Watch.Pause(Channel.Push, Other, _cluster.Clock.GetUtcNow().AddSeconds(25));
        await Stored(state => state.Of(Other) is not null);
        var (none, _, comeBack) = await admission.Admit(job, hardEnd);
        Assert.Null(none);
        Assert.Equal(TimeSpan.FromSeconds(10), comeBack);

        _cluster.Clock.Advance(TimeSpan.FromSeconds(10));
        var (trial, tries, _) = await admission.Admit(job, hardEnd);
        Assert.Equal([devices[0]], trial!.To.Devices);
        Assert.Equal([Service], tries);
        await Stored(state => state.Of(Service)!.Circuit!.Trial is not null);

        // Another message was quicker at the grain, which this silo has not looked at since: it comes back in a second.
        Watch.EndTrial(Channel.Push, Service, failed: true, "500");
        await Stored(state => state.Of(Service)!.Circuit!.Trial is null);
        _cluster.Clock.Advance(TimeSpan.FromSeconds(20));
        Watch.Pause(Channel.Push, Other, _cluster.Clock.GetUtcNow().AddSeconds(25));
        await Stored(state => state.Of(Other)?.PausedUntil > _cluster.Clock.GetUtcNow());
        var both = await Task.WhenAll(admission.Admit(job, hardEnd), admission.Admit(job, hardEnd));
        Assert.Single(both, each => each.Job is not null);
        Assert.Equal(TimeSpan.FromSeconds(1), both.Single(each => each.Job is null).ComeBack);
        await Stored(state => state.Of(Service)!.Circuit!.Trial is not null);

        // Another silo that has not looked since asks as well: the grain says no.
        Assert.False(await Watch.ClaimTrial(Service, Guid.Empty, _cluster.Clock.GetUtcNow()));
        _cluster.Clock.Advance(TimeSpan.FromSeconds(41));
        Assert.False(await Watch.ClaimTrial(Service, Guid.Empty, _cluster.Clock.GetUtcNow()));
        await Stored(state => state.Of(Service)!.Circuit!.Trial is null);
        Assert.False(await Watch.ClaimTrial("https://unknown.example", Guid.Empty, _cluster.Clock.GetUtcNow()));
        Assert.Equal(devices, (await admission.Admit(job with { To = new Addresses { Devices = [devices[1]] } }, hardEnd)).Job!.To.Devices.Insert(0, devices[0]));
    }

    [Fact]
    public async Task A_push_whose_every_service_is_closed_comes_back_without_an_attempt_and_one_that_tries_closes_the_circuit()
    {
        _cluster.Push.Answer = (job, _) => Task.FromResult(Push(job.To.Devices.Select(device => Device(Service, OutcomeKind.Sent, device.Id)).ToArray()));
        var user = _cluster.User("ann");
        await _cluster.AddDevice("ann", Service + "/1");
        Watch.Open(Channel.Push, Service, "500");
        await Stored(state => state.Of(Service) is not null);

        var receipt = await user.Send(Given.Alert);
        Assert.Equal(MessageStatus.Retrying, (await user.GetMessage(receipt.MessageId!.Value))!.Status);
        await Eventually.True(async () =>
        {
            _cluster.Clock.Advance(TimeSpan.FromSeconds(1));
            return (await user.GetMessage(receipt.MessageId.Value))!.Status == MessageStatus.Sent;
        });

        await Stored(state => state.Services.IsEmpty);
        Assert.Single(_cluster.Push.Jobs);
    }

    [Fact]
    public async Task Of_two_that_would_try_a_service_one_comes_back()
    {
        await _cluster.AddDevice("bob", Service + "/1");
        await _cluster.AddDevice("cat", Service + "/2");
        Watch.Open(Channel.Push, Service, "500");
        await Stored(state => state.Of(Service) is not null);
        _cluster.Clock.Advance(TimeSpan.FromSeconds(10));
        await Watch.LookAll();
        _cluster.Push.Hang();

        IUserGrain[] users = [_cluster.User("bob"), _cluster.User("cat")];
        var receipts = await Task.WhenAll(users.Select(user => user.Send(Given.Alert)));

        await Eventually.True(async () =>
        {
            var views = await Task.WhenAll(users.Zip(receipts, (user, receipt) => user.GetMessage(receipt.MessageId!.Value)));
            return views.Count(view => view!.Status == MessageStatus.Sending) == 1 && views.Count(view => view!.Status == MessageStatus.Retrying) == 1;
        });
        Assert.Single(_cluster.Push.Jobs);
    }

    [Fact]
    public async Task A_claim_that_cannot_be_stored_is_refused()
    {
        Watch.Open(Channel.Push, Service, "500");
        await Stored(state => state.Of(Service) is not null);
        _cluster.Clock.Advance(TimeSpan.FromSeconds(10));
        var key = ((string[])(await _cluster.Redis.ExecuteAsync("KEYS", $"{_cluster.ServiceId}/state/*push*"))!).Single();
        await _cluster.Redis.KeyDeleteAsync(key);
        await _cluster.Redis.StringSetAsync(key, "broken");

        Assert.False(await Watch.ClaimTrial(Service, Guid.Empty, _cluster.Clock.GetUtcNow().AddSeconds(30)));
        await _cluster.Redis.KeyDeleteAsync(key);
    }

    [Fact]
    public async Task What_cannot_be_noted_is_settled_all_the_same()
    {
        var user = await _cluster.UserWith();
        _cluster.Email.Answers(new Outcome { Kind = OutcomeKind.Retry, Reason = null! });
        var receipt = await user.Send(Given.Alert);
        await user.Until(receipt.MessageId, MessageStatus.Retrying);
    }

    private void Note(Channel channel, string user, Outcome outcome) => Health.Note(channel, user, "price_alert_triggered", outcome);

    private Task Stored(Func<ChannelState, bool> holds) => Eventually.True(async () =>
    {
        await Watch.LookAll();
        return holds(Watch.StateOf(Channel.Push));
    });

    private static Outcome Push(params DeviceOutcome[] devices) => new() { Kind = devices[0].Kind, Devices = [.. devices] };

    private static DeviceOutcome Device(string service, OutcomeKind kind, string id = "d") => new() { SubscriptionId = id, Service = service, Kind = kind };
}
