using OrleansNotify.Host.Auth;

namespace OrleansNotify.Tests.Host.Api;

public sealed class UserMessagesTests : IAsyncLifetime
{
    private static readonly Guid s_id = new("019be2b6-0000-7000-8000-000000000001");
    private static readonly DateTimeOffset s_at = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    private static readonly MessageView s_view = new()
    {
        MessageId = s_id,
        UserId = "u1",
        TemplateName = "welcome",
        Priority = Priority.Transactional,
        Status = MessageStatus.DeadLettered,
        Plan = [Channel.Push, Channel.Telegram],
        CreatedAt = s_at,
        Events =
        [
            new MessageEvent { At = s_at, Type = MessageEventType.Accepted },
            new MessageEvent { At = s_at, Type = MessageEventType.Attempt, Channel = Channel.Push, Outcome = "unknown", DurationMs = 12, MaybeDuplicate = true },
        ],
    };

    private ApiHost _api = null!;

    private FakeUser User => _api.Grains.User("u1");

    public async ValueTask InitializeAsync() => _api = await ApiHost.Start();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private Task<Answer> Ask(string method, string path) => _api.Ask(method, $"/api/v1/users/u1/messages{path}", token: _api.Token(Roles.User, "u1"));

    [Fact]
    public async Task A_message_is_shown_with_its_timeline()
    {
        User.OnGetMessage = id => Task.FromResult(id == s_id ? s_view : null);
        Assert.Equal(
            $$"""
            {"message_id":"{{s_id}}","user_id":"u1","template_name":"welcome","priority":"transactional","status":"dead_lettered","plan":["push","telegram"],"created_at":"2026-01-02T03:04:05.678Z","events":[{"at":"2026-01-02T03:04:05.678Z","type":"accepted"},{"at":"2026-01-02T03:04:05.678Z","type":"attempt","channel":"push","outcome":"unknown","duration_ms":12,"maybe_duplicate":true}]}
            """.Trim(),
            (await Ask("GET", $"/{s_id}")).Text);
        (await Ask("GET", $"/{Guid.Empty}")).IsProblem(404);
    }

    [Fact]
    public async Task Pages_lead_from_one_to_the_next()
    {
        var cursor = $"639029306456780000.{s_id:N}";
        User.OnList = (after, _) => Task.FromResult(new Page<MessageView> { Items = [s_view], NextCursor = after is null ? cursor : null });
        var first = (await Ask("GET", "")).Json;
        Assert.Equal(s_id, first.GetProperty("items")[0].GetProperty("message_id").GetGuid());
        Assert.Equal(cursor, first.GetProperty("next_cursor").GetString());
        var last = (await Ask("GET", $"?limit=100&cursor={cursor}")).Json;
        Assert.Equal("null", last.GetProperty("next_cursor").GetRawText());
        Assert.Equal([(null, 20), (cursor, 100)], User.Asked.Cast<(string?, int)>());
    }

    [Fact]
    public async Task A_known_user_without_messages_has_an_empty_page()
    {
        User.View = new UserView { Locale = "en", Disabled = [], PushSubscriptions = [] };
        Assert.Equal("""{"items":[],"next_cursor":null}""", (await Ask("GET", "?limit=1")).Text);
    }

    [Theory]
    [InlineData(CancelResult.Cancelled, 204, null)]
    [InlineData(CancelResult.NotFound, 404, null)]
    [InlineData(CancelResult.Sending, 409, "sending")]
    [InlineData(CancelResult.Settled, 409, "settled")]
    public async Task A_cancel_says_what_became_of_it(CancelResult result, int code, string? reason)
    {
        User.OnCancel = result;
        var answer = await Ask("DELETE", $"/{s_id}");
        Assert.Equal(code, answer.Code);
        if (code > 204) Assert.Equal(reason, answer.IsProblem(code).Reason);
    }
}
