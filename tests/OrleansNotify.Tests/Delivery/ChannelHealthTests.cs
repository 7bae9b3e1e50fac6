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
        Health.Note(Channel.Email, "other", Outcomes.Sent);
        Fail(4);
        Assert.Null(Watch.StateOf(Channel.Email).Circuit);
        Fail(1, from: 4);
        Assert.Equal("timeout", Watch.StateOf(Channel.Email).Circuit!.Reason);

        void Fail(int count, int from = 0)
        {
            for (var i = from; i < from + count; i++) Health.Note(Channel.Email, $"u{i}", Outcomes.Of(OutcomeKind.Retry, "timeout"));
        }
    }

    [Fact]
    public void Each_push_service_is_judged_by_what_it_says_itself()
    {
        for (var i = 0; i < 5; i++) Health.Note(Channel.Push, $"u{i}", Push(Device(Service, OutcomeKind.Retry), Device(Other, OutcomeKind.Sent)));
        Assert.NotNull(Watch.StateOf(Channel.Push).Of(Service)?.Circuit);
        Assert.Null(Watch.StateOf(Channel.Push).Of(Other));
        Assert.Null(Watch.StateOf(Channel.Push).Circuit);

        Health.Note(Channel.Push, "ann", Push(Device(Other, OutcomeKind.Busy) with { RetryAfter = TimeSpan.FromSeconds(40) }));
        Assert.Equal(_cluster.Clock.GetUtcNow().AddSeconds(40), Watch.StateOf(Channel.Push).Of(Other)!.PausedUntil);
        Health.Note(Channel.Push, "ann", Push(Device(Other, OutcomeKind.Busy)));
        Health.Note(Channel.Push, "ann", Outcomes.Of(OutcomeKind.Rejected, "template"));
        Assert.Null(Watch.StateOf(Channel.Push).Circuit);
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
        Health.Note(Channel.Telegram, "dan", Outcomes.Of(OutcomeKind.Busy));
        Health.Note(Channel.Telegram, "dan", Outcomes.Of(OutcomeKind.Busy) with { RetryAfter = TimeSpan.Zero, NewChatId = "-1" });
        Busy("eve", 30);
        Assert.Equal(now.AddSeconds(6 + 90), Watch.StateOf(Channel.Telegram).PausedUntil);

        void Busy(string user, int seconds) =>
            Health.Note(Channel.Telegram, user, Outcomes.Of(OutcomeKind.Busy) with { RetryAfter = TimeSpan.FromSeconds(seconds) });
    }

    [Fact]
    public void The_end_of_a_trial_is_told_unless_it_did_not_happen()
    {
        Watch.Open(Channel.Email, null, "timeout");
        var wait = Watch.StateOf(Channel.Email).Circuit!.Wait;
        Health.Note(Channel.Email, "ann", Outcomes.Of(OutcomeKind.Withdrawn) with { OnTrial = true });
        Assert.Equal(wait, Watch.StateOf(Channel.Email).Circuit!.Wait);
        Health.Note(Channel.Email, "ann", Outcomes.Of(OutcomeKind.Refused, "554") with { OnTrial = true });
        Assert.Equal(wait * 2, Watch.StateOf(Channel.Email).Circuit!.Wait);
        Health.Note(Channel.Email, "ann", Outcomes.Of(OutcomeKind.Busy) with { OnTrial = true });
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

    private Task Stored(Func<ChannelState, bool> holds) => Eventually.True(async () =>
    {
        await Watch.LookAll();
        return holds(Watch.StateOf(Channel.Push));
    });

    private static Outcome Push(params DeviceOutcome[] devices) => new() { Kind = devices[0].Kind, Devices = [.. devices] };

    private static DeviceOutcome Device(string service, OutcomeKind kind, string id = "d") => new() { SubscriptionId = id, Service = service, Kind = kind };
}
