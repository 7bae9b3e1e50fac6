using OrleansNotify.DeadLetters;
using OrleansNotify.Host.Auth;

namespace OrleansNotify.Tests.Host.Api;

public sealed class DeadLettersTests : IAsyncLifetime
{
    private const string Letters = "/api/v1/dead-letters", Id = "019be2b6000070008000000000000001-2";

    private static readonly Guid s_message = new("019be2b6-0000-7000-8000-000000000001");
    private static readonly DateTimeOffset s_at = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    private static readonly DeadLetterView s_letter = new()
    {
        Id = Id,
        MessageId = s_message,
        UserId = "u1",
        TemplateName = "welcome",
        TemplateVars = TemplateVars.Parse("""{"name":"Ada"}"""),
        Priority = Priority.Campaign,
        Channel = Channel.Email,
        Reason = "timeout",
        CreatedAt = s_at,
        FailedAt = s_at.AddSeconds(1),
        Events = [new MessageEvent { At = s_at, Type = MessageEventType.Discarded, Detail = "ops" }],
    };

    private ApiHost _api = null!;

    private FakeLetters Grain => _api.Grains.Letters;

    public async ValueTask InitializeAsync() => _api = await ApiHost.Start();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private Task<Answer> Ask(string method, string path, string? body = null) => _api.Ask(method, path, body, token: _api.Token(Roles.Owner, "ops"));

    [Fact]
    public async Task A_letter_is_shown_whole()
    {
        (await Ask("GET", $"{Letters}/{Id}")).IsProblem(404);
        Grain.Letter = s_letter;
        Assert.Equal(
            $$"""
            {"id":"{{Id}}","message_id":"{{s_message}}","user_id":"u1","template_name":"welcome","template_vars":{"name":"Ada"},"priority":"campaign","channel":"email","reason":"timeout","created_at":"2026-01-02T03:04:05.678Z","failed_at":"2026-01-02T03:04:06.678Z","events":[{"at":"2026-01-02T03:04:05.678Z","type":"discarded","detail":"ops"}]}
            """.Trim(),
            (await Ask("GET", $"{Letters}/{Id}")).Text);
    }

    [Fact]
    public async Task A_list_takes_a_filter_and_leads_to_the_next_page()
    {
        var cursor = new LetterPlace(5, "u1|x").Format();
        Grain.Page = new Page<DeadLetterView> { Items = [s_letter with { TemplateVars = null }], NextCursor = cursor };
        var page = (await Ask("GET", $"{Letters}?channel=email&reason=timeout&template_name=welcome&from=2026-01-02T03:04:05.678Z&to=2026-01-03T00:00:00%2B02:00")).Json;
        Assert.Equal(Id, page.GetProperty("items")[0].GetProperty("id").GetString());
        Assert.False(page.GetProperty("items")[0].TryGetProperty("template_vars", out _));
        Assert.Equal(cursor, page.GetProperty("next_cursor").GetString());
        Assert.Equal(["user_id"], (await Ask("GET", $"{Letters}?user_id=a%20b")).IsProblem(400).Fields);
        Assert.Equal(200, (await Ask("GET", $"{Letters}?user_id=u1&limit=100&cursor={cursor}")).Code);
        var group = new DeadLetterFilter
        {
            Channel = Channel.Email,
            Reason = "timeout",
            TemplateName = "welcome",
            From = s_at,
            To = new DateTimeOffset(2026, 1, 2, 22, 0, 0, TimeSpan.Zero),
        };
        Assert.Equal([(group, null, 20), (new DeadLetterFilter { UserId = "u1" }, cursor, 100)], Grain.Asked.Cast<(DeadLetterFilter, string?, int)>());
    }

    [Theory]
    [InlineData("?chanel=email", "chanel")]
    [InlineData("?channel=Email", "channel")]
    [InlineData("?channel=push&channel=email", "channel")]
    [InlineData("?reason=", "reason")]
    [InlineData("?template_name=a%0Ab", "template_name")]
    [InlineData("?from=yesterday", "from")]
    [InlineData("?to=2026-01-02", "to")]
    [InlineData("?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "to")]
    public async Task A_filter_that_cannot_be_is_refused_by_its_field(string query, string field)
    {
        Assert.Equal([field], (await Ask("GET", Letters + query)).IsProblem(400).Fields);
        Assert.Equal([field], (await Ask("GET", $"{Letters}/groups{query}")).IsProblem(400).Fields);
        Assert.Empty(Grain.Asked);
    }

    [Theory]
    [InlineData("?cursor=x", "cursor")]
    [InlineData("?limit=0", "limit")]
    [InlineData("?limit=101", "limit")]
    [InlineData("?limit=ten", "limit")]
    [InlineData("?user_id=u1&reason=timeout", "user_id")]
    public async Task So_is_a_page_that_cannot_be(string query, string field) =>
        Assert.Equal([field], (await Ask("GET", Letters + query)).IsProblem(400).Fields);

    [Fact]
    public async Task Groups_are_shown_with_their_counts()
    {
        Grain.Grouped = new Page<DeadLetterGroup> { Items = [new() { Reason = "too_old", TemplateName = "welcome", Count = 3 }] };
        Assert.Equal(
            """{"items":[{"reason":"too_old","template_name":"welcome","count":3}],"next_cursor":null}""", (await Ask("GET", $"{Letters}/groups?reason=too_old")).Text);
        Assert.Equal([new DeadLetterFilter { Reason = "too_old" }], Grain.Asked);
        Assert.Equal(["user_id"], (await Ask("GET", $"{Letters}/groups?user_id=u1")).IsProblem(400).Fields);
    }

    [Theory]
    [InlineData(RedriveResult.Redriven, """{"status":"redriven"}""")]
    [InlineData(RedriveResult.AlreadyRedriven, """{"status":"already_redriven"}""")]
    public async Task A_redrive_says_what_became_of_it(RedriveResult result, string text)
    {
        Grain.Redriven = result;
        Assert.Equal(text, (await Ask("POST", $"{Letters}/{Id}/redrive")).Text);
        Assert.Equal([(Id, "ops")], Grain.Asked.Cast<(string, string)>());
    }

    [Fact]
    public async Task A_full_outbox_asks_to_come_again()
    {
        Grain.Redriven = RedriveResult.OutboxFull;
        var answer = (await Ask("POST", $"{Letters}/{Id}/redrive")).IsProblem(429);
        Assert.Equal((Reasons.OutboxFull, TimeSpan.FromSeconds(10)), (answer.Reason, answer.Headers.RetryAfter?.Delta));
    }

    [Fact]
    public async Task A_discard_says_whether_there_was_a_letter()
    {
        (await Ask("DELETE", $"{Letters}/{Id}")).IsProblem(404);
        Grain.Discarded = true;
        Assert.Equal(204, (await Ask("DELETE", $"{Letters}/{Id}")).Code);
        Assert.All(Grain.Asked, asked => Assert.Equal((Id, "ops"), asked));
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("DELETE", "")]
    [InlineData("POST", "/redrive")]
    public async Task What_is_no_letters_id_is_refused(string method, string more) =>
        Assert.Equal(["letter_id"], (await Ask(method, $"{Letters}/{s_message}{more}")).IsProblem(400).Fields);

    [Fact]
    public async Task A_redrive_of_many_is_counted_first_and_then_a_job()
    {
        var filter = new DeadLetterFilter { Channel = Channel.Email, Reason = "timeout", TemplateName = "welcome", From = s_at, To = s_at };
        const string fields = """
            "channel":"email","reason":"timeout","template_name":"welcome","from":"2026-01-02T03:04:05.678Z","to":"2026-01-02T03:04:05.678Z"
            """;
        var dry = await Ask("POST", $"{Letters}/redrive", $$"""{{{fields}},"dry_run":true}""");
        Assert.Equal((200, """{"count":7}"""), (dry.Code, dry.Text));
        var job = await Ask("POST", $"{Letters}/redrive", $$"""{{{fields}}}""");
        Assert.Equal((202, $$"""{"redrive_id":"{{Guid.Empty}}","count":7}"""), (job.Code, job.Text));
        Assert.Equal($"/api/v1/redrives/{Guid.Empty}", job.Headers.Location?.ToString());
        Assert.Equal([filter, (filter, "ops")], Grain.Asked);
        Assert.Equal(["user_id"], (await Ask("POST", $"{Letters}/redrive", """{"user_id":"u1","channel":"push"}""")).IsProblem(400).Fields);
        Assert.Equal(["dry"], (await Ask("POST", $"{Letters}/redrive", """{"dry":true}""")).IsProblem(400).Fields);
    }

    [Fact]
    public async Task A_job_shows_its_progress()
    {
        (await Ask("GET", $"/api/v1/redrives/{s_message}")).IsProblem(404);
        Grain.Job = new RedriveView { RedriveId = s_message, Status = RedriveStatus.Running, Total = 9, Remaining = 4, StartedAt = s_at, By = "ops" };
        Assert.Equal(
            $$"""{"redrive_id":"{{s_message}}","status":"running","total":9,"remaining":4,"started_at":"2026-01-02T03:04:05.678Z","by":"ops"}""",
            (await Ask("GET", $"/api/v1/redrives/{s_message}")).Text);
        Assert.Equal(["redrive_id"], (await Ask("GET", "/api/v1/redrives/x")).IsProblem(400).Fields);
    }
}
