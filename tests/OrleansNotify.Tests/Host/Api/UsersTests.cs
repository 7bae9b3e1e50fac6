using OrleansNotify.Host.Auth;

namespace OrleansNotify.Tests.Host.Api;

public sealed class UsersTests : IAsyncLifetime
{
    private static readonly DateTimeOffset s_at = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private ApiHost _api = null!;

    private FakeUser User => _api.Grains.User("u1");

    public async ValueTask InitializeAsync() => _api = await ApiHost.Start();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private Task<Answer> Ask(string method, string path, string? body = null) =>
        _api.Ask(method, $"/api/v1/users/u1{path}", body, token: _api.Token(Roles.User, "u1"));

    [Fact]
    public async Task A_user_is_shown_with_what_is_disabled_and_why()
    {
        User.View = new UserView
        {
            Email = "a@b.example",
            TelegramChatId = "123456",
            Locale = "en",
            Disabled = [new DisabledAddress { Channel = Channel.Email, Reason = "bounce 550 5.1.1", At = s_at }],
            PushSubscriptions = [new PushSubscriptionView { Id = "d1", EndpointHost = "push.example", CreatedAt = s_at }],
        };
        Assert.Equal(
            """
            {"email":"a@b.example","telegram_chat_id":"123456","locale":"en","disabled":[{"channel":"email","reason":"bounce 550 5.1.1","at":"2026-01-02T03:04:05Z"}],"push_subscriptions":[{"id":"d1","endpoint_host":"push.example","created_at":"2026-01-02T03:04:05Z"}]}
            """.Trim(),
            (await Ask("GET", "")).Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/preferences")]
    [InlineData("/messages")]
    public async Task An_unknown_user_is_a_404(string path) => Assert.Equal(Reasons.UnknownUser, (await Ask("GET", path)).IsProblem(404).Reason);

    [Fact]
    public async Task Addresses_are_set_and_the_user_comes_back()
    {
        User.View = new UserView { Locale = "pt-BR", Disabled = [], PushSubscriptions = [] };
        var answer = await Ask("PUT", "", """{"email":"a@b.example","telegram_chat_id":null,"locale":"pt-BR"}""");
        Assert.Equal("""{"locale":"pt-BR","disabled":[],"push_subscriptions":[]}""", answer.Text);
        Assert.Equal(new UserUpdate { Email = "a@b.example", Locale = "pt-BR" }, Assert.Single(User.Asked));
    }

    [Fact]
    public async Task Preferences_come_back_as_they_were_set()
    {
        const string Body = """
            {"channels":{"push":true,"telegram":false,"email":true},"instruments_enabled":["EURUSD"],"alert_types_enabled":[],"unsubscribed_types":["education"],"quiet_hours":{"enabled":true,"start":"22:30","end":"07:00","time_zone":"Europe/London"},"urgent_during_quiet_hours":false,"fallback_order":["email","push"]}
            """;
        Assert.Equal(Body.Trim(), (await Ask("PUT", "/preferences", Body)).Text);
        Assert.Equal(Body.Trim(), (await Ask("GET", "/preferences")).Text);
        Assert.Equal(new TimeOnly(22, 30), User.Preferences!.QuietHours.Start);
    }

    [Fact]
    public async Task Preferences_that_are_left_out_are_the_defaults()
    {
        Assert.Equal(
            """
            {"channels":{"push":true,"telegram":true,"email":true},"instruments_enabled":[],"alert_types_enabled":[],"unsubscribed_types":[],"quiet_hours":{"enabled":false,"start":"22:00","end":"07:00","time_zone":"UTC"},"urgent_during_quiet_hours":true,"fallback_order":["push","telegram","email"]}
            """.Trim(),
            (await Ask("PUT", "/preferences", "{}")).Text);
    }

    [Theory]
    [InlineData("PUT", "", "{}", "email")]
    [InlineData("PUT", "/preferences", "{}", "quiet_hours.time_zone")]
    [InlineData("POST", "/push-subscriptions", """{"endpoint":"http://10.0.0.1/","keys":{"p256dh":"x","auth":"y"}}""", "endpoint")]
    public async Task What_the_user_refuses_is_a_400_by_field(string method, string path, string body, string field)
    {
        var errors = new Dictionary<string, string[]> { [field] = ["No."] };
        User.Change = new ChangeResult { Errors = errors };
        User.Added = new AddPushSubscriptionResult { Errors = errors };
        Assert.Equal([field], (await Ask(method, path, body)).IsProblem(400).Fields);
    }

    [Theory]
    [InlineData("")]
    [InlineData(",\"expirationTime\":null")]
    [InlineData(",\"expirationTime\":1767225600000.5")]
    [InlineData(",\"expirationTime\":\"2026-01-01T00:00:00.000Z\"")]
    [InlineData(",\"expirationTime\":{}")]
    [InlineData(",\"contentEncoding\":\"aes128gcm\"")]
    [InlineData(",\"contentEncodings\":[\"aes128gcm\",\"aesgcm\"],\"options\":{\"userVisibleOnly\":true,\"applicationServerKey\":\"B\"}")]
    [InlineData(",\"__proto__\":{},\"Endpoint\":1")]
    public async Task A_browsers_subscription_is_taken_as_it_is_and_answered_with_its_id(string more)
    {
        var answer = await Ask(
            "POST", "/push-subscriptions", $$$"""{"endpoint":"https://push.example/1"{{{more}}},"keys":{"p256dh":"BKey","auth":"secret","more":[1]}}""");
        Assert.Equal((201, """{"id":"dev1"}"""), (answer.Code, answer.Text));
        var keys = new PushKeys { P256dh = "BKey", Auth = "secret" };
        Assert.Equal(new PushSubscription { Endpoint = "https://push.example/1", Keys = keys }, Assert.Single(User.Asked));
    }

    [Theory]
    [InlineData("""{"contentEncoding":"aes128gcm","keys":{"p256dh":"BKey","auth":"secret"}}""", "endpoint")]
    [InlineData("""{"endpoint":"https://push.example/1","contentEncoding":"aes128gcm","keys":{"p256dh":1,"more":2}}""", "keys.p256dh,keys.auth")]
    public async Task What_is_missing_beside_unknown_members_is_named_alone(string body, string fields) =>
        Assert.Equal(fields.Split(','), (await Ask("POST", "/push-subscriptions", body)).IsProblem(400).Fields);

    [Fact]
    public async Task A_device_is_taken_away_once()
    {
        Assert.Equal(204, (await Ask("DELETE", "/push-subscriptions/dev1")).Code);
        Assert.Equal("dev1", Assert.Single(User.Asked));
        User.Removed = false;
        (await Ask("DELETE", "/push-subscriptions/dev1")).IsProblem(404);
    }
}
