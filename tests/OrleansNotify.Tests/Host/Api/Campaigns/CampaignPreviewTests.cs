namespace OrleansNotify.Tests.Host.Api.Campaigns;

/// <summary>What would become of a campaign's first hundred.</summary>
public sealed class CampaignPreviewTests : IAsyncLifetime
{
    private const string Path = "/api/v1/campaigns/preview?name=n&template_name=welcome&channel=email";

    private ApiHost _api = null!;

    public async ValueTask InitializeAsync() => _api = await ApiHost.Start();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private Task<Answer> Preview(string lines, string path = Path) => _api.Ask("POST", path, lines, media: "application/x-ndjson");

    private void Answers(string user, ReceiptStatus status, string? reason = null) =>
        _api.Grains.User(user).Explanation = new() { Receipt = new Receipt { Status = status, Reason = reason } };

    [Fact]
    public async Task Receipts_are_counted_by_status_and_reason_and_wrong_lines_are_told()
    {
        Answers("b", ReceiptStatus.Skipped, Reasons.Unsubscribed);
        Answers("c", ReceiptStatus.Rejected, Reasons.UnknownUser);
        Answers("d", ReceiptStatus.Deferred, Reasons.QuietHours);
        var lines = string.Join('\n', "abcdea".Select(user => $"{{\"user_id\":\"{user}\",\"vars\":{{\"name\":\"X\"}}}}"));
        var answer = await Preview(lines + "\n{\n{\"user_id\":\"a b\"}\n");
        Assert.Equal(
            """{"recipients":5,"by_status":{"accepted":2,"deferred":1,"skipped":2},"by_reason":{"quiet_hours":1,"unknown_user":1,"unsubscribed":1},"errors":["""
            + """{"line":6,"reason":"duplicate_recipient"},{"line":7,"reason":"Is not JSON, or nested more than 32 levels deep, at byte 2."},"""
            + """{"line":8,"reason":"user_id: Must be 1 to 128 printable ASCII characters without spaces."}]}""",
            answer.Text);
        Assert.Equal(
            new SendRequest { TemplateName = "welcome", TemplateVars = TemplateVars.Parse("""{"name":"X"}"""), Channel = Channel.Email, Fallback = false, Priority = Priority.Campaign },
            Assert.Single(_api.Grains.User("a").Asked));
        Assert.Empty(_api.Grains.Campaigns);
    }

    [Fact]
    public async Task A_JSON_campaign_is_previewed_alike()
    {
        var answer = await _api.Ask("POST", "/api/v1/campaigns/preview", """{"name":"n","template_name":"welcome","audience":[{"user_id":"a"},7]}""");
        Assert.Equal("""{"recipients":1,"by_status":{"accepted":1},"by_reason":{},"errors":[{"line":2,"reason":"Must be an object."}]}""", answer.Text);
    }

    [Fact]
    public async Task Only_the_first_hundred_are_asked_however_many_there_are()
    {
        var lines = string.Concat(Enumerable.Range(1, 200_000).Select(at => $"{{\"user_id\":\"u{at}\"}}\n"));
        Assert.Equal(100, (await Preview(lines)).Json.GetProperty("recipients").GetInt32());
        Assert.Equal(100, _api.Grains.Users.Count);
    }

    [Theory]
    [InlineData("&rate=0", "rate")]
    [InlineData("&batch_size=1001", "batch_size")]
    [InlineData("&expires_at=2026-01-01T00:00:00Z", "expires_at")]
    [InlineData("&start_at=2027-06-01T00:00:00Z", "start_at")]
    public async Task Settings_that_no_campaign_could_have_are_a_400_by_field(string query, string field)
    {
        Assert.Equal([field], (await Preview("{\"user_id\":\"a\"}", Path + query)).IsProblem(400).Fields);
        Assert.Equal(["template_name"], (await Preview("{\"user_id\":\"a\"}", Path.Replace("welcome", "wellcome", StringComparison.Ordinal))).IsProblem(400).Fields);
        Assert.Empty(_api.Grains.Users);
    }

    [Fact]
    public async Task An_empty_audience_is_a_400() => Assert.Equal(["audience"], (await Preview("\n")).IsProblem(400).Fields);

    [Fact]
    public async Task A_user_whose_store_does_not_answer_makes_it_a_503()
    {
        Answers("a", ReceiptStatus.Unavailable);
        Assert.NotNull((await Preview("{\"user_id\":\"a\"}")).IsProblem(503).Headers.RetryAfter);
    }
}
