using System.Collections.Immutable;
using System.Net;
using OrleansNotify.Delivery;
using OrleansNotify.RateLimiting;
using OrleansNotify.Storage;
using OrleansNotify.Tests.Host.Api;
using OrleansNotify.Tests.Processes;
using OrleansNotify.Tests.Stores;
using OrleansNotify.Tests.Templates;
using OrleansNotify.Users;
using StackExchange.Redis;
using TestResult = OrleansNotify.Delivery.TestResult;

namespace OrleansNotify.Tests.Delivery;

public sealed class TestDeliveryTests(StoreFixture stores)
{
    private static readonly TemplateVars s_vars = TemplateVars.Parse("""{"name":"Ada"}""");
    private static readonly RateLimit s_limit = new(1, TimeSpan.FromSeconds(5));

    private static readonly Addresses s_all = new()
    {
        Email = "a@b.example",
        TelegramChatId = "7",
        Devices = [new PushDevice { Id = "d", Endpoint = "https://x", P256dh = [], Auth = [], VapidKey = "", CreatedAt = default }],
    };

    private readonly TestClock _clock = new();
    private readonly (IGrainFactory Factory, FakeGrains Grains) _grains = FakeGrains.Create();
    private PermitStore _permits = null!;

    private TestDelivery Delivery(params IEnumerable<IChannelSender> senders) => Limited(null, senders);

    private TestDelivery Limited(RateLimit? limit, params IEnumerable<IChannelSender> senders) =>
        new(_grains.Factory, senders, Shipped.Catalog, _permits, ApiHost.Options with
        {
            Limits = limit is null ? ImmutableDictionary<Channel, RateLimit>.Empty : ImmutableDictionary<Channel, RateLimit>.Empty.Add(Channel.Email, limit),
        }, _clock);

    private async Task UseStore()
    {
        var store = await stores.Get(StoreKind.Embedded);
        _permits = new PermitStore(store.Redis, new Keys(Store.NewServiceId()), new StoreClock(_clock, storeFollowsClock: true));
    }

    private void Know(Addresses addresses) => _grains.Grains.User("u").Profile = new Profile { Known = true, Addresses = addresses, Locale = "de" };

    private static SenderOfTests Sender(Channel channel, Outcome outcome) => new(channel, (_, _) => Task.FromResult(outcome));

    private static SenderOfTests Sends(Channel channel) => Sender(channel, new Outcome { Kind = OutcomeKind.Sent, Detail = "250 ok" });

    private static Task<TestResult> Ask(TestDelivery delivery, Channel channel = Channel.Email, string template = "welcome", string user = "u") =>
        delivery.Send(user, channel, template, s_vars, TestContext.Current.CancellationToken);

    [Theory]
    [InlineData(Channel.Push)]
    [InlineData(Channel.Telegram)]
    [InlineData(Channel.Email)]
    public async Task What_the_provider_takes_over_is_sent_to_the_address_on_file(Channel channel)
    {
        Know(s_all);
        var sender = new SenderOfTests(channel, (_, _) =>
        {
            _clock.Advance(TimeSpan.FromMilliseconds(120));
            return Task.FromResult(new Outcome { Kind = OutcomeKind.Sent, Detail = "250 ok" });
        });
        var result = await Ask(Delivery(sender), channel);
        Assert.Equal(new TestResult(true, result.MessageId, 120, null, "250 ok"), result);
        var job = Assert.Single(sender.Jobs);
        Assert.Equal((result.MessageId, "u", "welcome", s_vars, "de", s_all), (job.MessageId, job.UserId, job.Template.Manifest.Name, job.Vars, job.Locale, job.To));
        Assert.Equal((TimeSpan.FromMinutes(10), Turn.Unlimited), (job.LifeLeft, job.Turn));
    }

    [Fact]
    public async Task What_the_provider_does_not_take_says_why()
    {
        Know(s_all);
        var sender = Sender(Channel.Email, new Outcome { Kind = OutcomeKind.AddressGone, Reason = "5.1.1", Detail = "550 5.1.1 no such user" });
        var result = await Ask(Delivery(sender));
        Assert.Equal((false, "5.1.1", "550 5.1.1 no such user"), (result.Sent, result.Error, result.Detail));
    }

    [Theory]
    [InlineData(Channel.Push)]
    [InlineData(Channel.Telegram)]
    [InlineData(Channel.Email)]
    public async Task A_user_without_the_address_gets_nothing(Channel channel)
    {
        Know(new Addresses());
        var sender = Sends(channel);
        var result = await Ask(Delivery(sender), channel);
        Assert.Equal((false, Reasons.NoAddress), (result.Sent, result.Error));
        Assert.Empty(sender.Jobs);
    }

    [Fact]
    public async Task A_channel_without_settings_sends_nothing()
    {
        Know(s_all);
        var result = await Ask(Delivery(Sends(Channel.Push)));
        Assert.Equal((false, Reasons.ChannelNotConfigured), (result.Sent, result.Error));
    }

    [Fact]
    public async Task An_unknown_user_is_said_to_be_one()
    {
        var result = await Ask(Delivery(Sends(Channel.Email)));
        Assert.Equal((false, Reasons.UnknownUser), (result.Sent, result.Error));
        Assert.Null(result.Errors);
    }

    [Fact]
    public async Task A_request_that_is_wrong_is_answered_by_field()
    {
        Know(s_all);
        var sender = Sends(Channel.Email);
        Assert.Equal(["template_name"], (await Ask(Delivery(sender), template: "nothing")).Errors!.Keys);
        Assert.Contains("template_vars.loss_amount", (await Ask(Delivery(sender), template: "position_failure_sl")).Errors!.Keys);
        Assert.Empty(sender.Jobs);
    }

    [Fact]
    public async Task A_channel_that_the_template_has_no_part_for_is_an_error_of_that_field()
    {
        var folder = Directory.CreateTempSubdirectory("notify-templates-");
        try
        {
            var template = folder.CreateSubdirectory("only_telegram").FullName;
            await File.WriteAllTextAsync(Path.Combine(template, "template.yaml"), "description: A test.\ntype: alert\n", TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(Path.Combine(template, "telegram.liquid"), "Hello", TestContext.Current.CancellationToken);
            var catalog = OrleansNotify.Templates.TemplateCatalog.Load(folder.FullName, "https://app.example");
            var delivery = new TestDelivery(_grains.Factory, [Sends(Channel.Email)], catalog, _permits, ApiHost.Options, _clock);
            Assert.Equal(["channel"], (await Ask(delivery, template: "only_telegram")).Errors!.Keys);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_send_is_stopped_at_its_hard_end()
    {
        Know(s_all);
        var sender = new SenderOfTests(Channel.Email, async (_, hardEnd) =>
        {
            var stopped = new TaskCompletionSource();
            await using var registration = hardEnd.Register(stopped.SetResult);
            await stopped.Task.WaitAsync(TestContext.Current.CancellationToken);
            return new Outcome { Kind = OutcomeKind.Unknown, Reason = "timeout" };
        });
        var asked = Ask(Delivery(sender));
        await _clock.TimerOf(TimeSpan.FromSeconds(30));
        _clock.Advance(TimeSpan.FromSeconds(30));
        var result = await asked;
        Assert.Equal((false, "timeout", 30_000), (result.Sent, result.Error, result.DeliveryTimeMs));
    }

    [Fact]
    public async Task A_limited_channel_sends_with_a_permit_as_soon_as_one_is_free()
    {
        await UseStore();
        Know(s_all);
        var delivery = Limited(s_limit, Sends(Channel.Email));
        Assert.True((await Ask(delivery)).Sent);
        var second = Ask(delivery);
        await _clock.TimerOf(s_limit.GrantWindow);
        Assert.False(second.IsCompleted);
        _clock.Advance(s_limit.GrantWindow);
        Assert.True((await second).Sent);
    }

    [Fact]
    public async Task A_permit_is_good_for_as_long_as_the_limit_says()
    {
        await UseStore();
        Know(s_all);
        var sender = Sends(Channel.Email);
        await Ask(Limited(s_limit, sender));
        Assert.Equal(s_limit.PermitLife, Assert.Single(sender.Jobs).Turn.Left);
    }

    [Fact]
    public async Task Without_a_permit_in_ten_seconds_nothing_is_sent()
    {
        await UseStore();
        Know(s_all);
        var limit = new RateLimit(1, TimeSpan.FromSeconds(10));
        var sender = Sends(Channel.Email);
        await Ask(Limited(limit, sender));
        var result = await Ask(Limited(limit, sender));
        Assert.Equal((false, TestDelivery.RateLimited), (result.Sent, result.Error));
        Assert.Single(sender.Jobs);
    }

    [Fact]
    public async Task A_turn_that_passed_before_the_send_began_is_said_to_be_the_limit()
    {
        Know(s_all);
        var result = await Ask(Delivery(Sender(Channel.Email, new Outcome { Kind = OutcomeKind.Withdrawn })));
        Assert.Equal((false, TestDelivery.RateLimited), (result.Sent, result.Error));
    }

    [Fact]
    public async Task A_store_that_gives_no_permits_is_said_to_be_unavailable()
    {
        Know(s_all);
        var nowhere = new ConfigurationOptions { AbortOnConnectFail = false, BacklogPolicy = BacklogPolicy.FailFast, ConnectRetry = 0, ConnectTimeout = 1000 };
        nowhere.EndPoints.Add(IPAddress.Loopback, FreePort.Find());
        await using var redis = await ConnectionMultiplexer.ConnectAsync(nowhere);
        _permits = new PermitStore(redis, new Keys("nowhere"), new StoreClock(_clock));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Ask(Limited(s_limit, Sends(Channel.Email))));
    }

    [Fact]
    public async Task A_user_who_does_not_answer_is_waited_for_four_seconds()
    {
        _grains.Grains.User("u").OnGetProfile = () => new TaskCompletionSource<Profile?>().Task;
        var asked = Ask(Delivery(Sends(Channel.Email)));
        await _clock.TimerOf(TimeSpan.FromSeconds(4));
        _clock.Advance(TimeSpan.FromSeconds(4));
        await Assert.ThrowsAsync<TimeoutException>(() => asked);
    }
}
