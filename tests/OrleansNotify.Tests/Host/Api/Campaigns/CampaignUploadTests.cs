using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using OrleansNotify.Host.Api.Campaigns;

namespace OrleansNotify.Tests.Host.Api.Campaigns;

/// <summary>Audiences on their way to their campaign's grain.</summary>
public sealed class CampaignUploadTests : IAsyncLifetime
{
    private const string Path = "/api/v1/campaigns";
    private const string Query = "?name=n&template_name=welcome";
    private const string Ndjson = "application/x-ndjson";

    private static readonly DateTimeOffset s_at = new(2026, 1, 31, 9, 30, 0, TimeSpan.Zero);

    private ApiHost _api = null!;

    private FakeCampaign Only => Assert.Single(_api.Grains.Campaigns).Value;

    public async ValueTask InitializeAsync() => _api = await ApiHost.Start();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private Task<Answer> Upload(string lines, string query = Query) => _api.Ask("POST", Path + query, lines, media: Ndjson);

    [Fact]
    public async Task A_JSON_campaign_reaches_its_grain_as_it_is()
    {
        var answer = await _api.Ask("POST", Path, """
            {"name": "July", "audience": [{"user_id": "a", "vars": {"name": "A"}}, null, {"user_id": 7}, [[]], {"user_id": "b", "audience": []}, {"user_id": "c"}],
             "template_name": "welcome", "channel": "email", "fallback": true, "batch_size": 10, "rate": 60,
             "start_at": "2026-01-31T09:30:00Z", "expires_at": "2026-01-31T10:30:00+01:00"}
            """);
        var id = Assert.Single(_api.Grains.Campaigns).Key;
        Assert.Equal(7, id.Version);
        Assert.Equal(
            $$"""{"campaign_id":"{{id}}","queued":2,"failed":4,"errors":[{"line":2,"reason":"Must be an object."},{"line":3,"reason":"user_id: Must be a string of valid Unicode."},"""
            + """{"line":4,"reason":"Must be an object."},{"line":5,"reason":"audience: Is not a known field."}]}""",
            answer.Text);
        Assert.Equal(200, answer.Code);
        Assert.Equal(
            [new() { Name = "July", TemplateName = "welcome", Channel = Channel.Email, Fallback = true, BatchSize = 10, Rate = 60, StartAt = s_at, ExpiresAt = s_at }],
            Only.Begun);
        Assert.Equal(typeof(CampaignSettings), Only.Begun[0].GetType());
        Assert.Equal(
            [new() { Line = 1, UserId = "a", Vars = TemplateVars.Parse("""{"name":"A"}""") }, new() { Line = 6, UserId = "c" }], Only.Recipients);
        Assert.Equal(1, Only.Completed);
    }

    [Fact]
    public async Task So_does_one_of_lines_with_its_settings_in_the_query()
    {
        var answer = await Upload(
            "{\"user_id\":\"a\"}\n\n{\"user_id\":\"b\"}\n{\"user_id\":",
            "?name=July%20of%20%27Ada%27&template_name=welcome&channel=email&fallback=true&batch_size=10&rate=60&start_at=2026-01-31T09:30:00Z&expires_at=2026-01-31T10:30:00%2B01:00");
        Assert.Equal((200, 2, 1, 4), (answer.Code, answer.Json.GetProperty("queued").GetInt32(), answer.Json.GetProperty("failed").GetInt32(),
            answer.Json.GetProperty("errors")[0].GetProperty("line").GetInt32()));
        Assert.Equal(
            [new() { Name = "July of 'Ada'", TemplateName = "welcome", Channel = Channel.Email, Fallback = true, BatchSize = 10, Rate = 60, StartAt = s_at, ExpiresAt = s_at }],
            Only.Begun);
        Assert.Equal([1, 3], Only.Recipients.Select(recipient => recipient.Line));
    }

    [Fact]
    public async Task Fallback_is_off_and_a_batch_a_hundred_unless_said_otherwise()
    {
        await Upload("{\"user_id\":\"a\"}", Query + "&fallback=false");
        Assert.Equal([new() { Name = "n", TemplateName = "welcome", Fallback = false, BatchSize = 100 }], Only.Begun);
    }

    [Fact]
    public async Task An_element_nested_without_end_fails_alone()
    {
        var deep = new string('[', 100_000) + new string(']', 100_000);
        var answer = await _api.Ask("POST", Path, $$"""{"name":"n","template_name":"welcome","audience":[{{deep}},{"user_id":"b"}]}""");
        Assert.Equal((200, 1, 1), (answer.Code, answer.Json.GetProperty("queued").GetInt32(), answer.Json.GetProperty("failed").GetInt32()));
    }

    [Fact]
    public async Task Settings_that_the_grain_refuses_are_a_400_by_field()
    {
        _api.Grains.OnCampaign = id => new FakeCampaign(id) { Upload = new() { Errors = new Dictionary<string, string[]> { ["rate"] = ["Must be 1 to 1000000."] } } };
        Assert.Equal(["rate"], (await Upload("{\"user_id\":\"a\"}", Query + "&rate=0")).IsProblem(400).Fields);
        Assert.Equal((0, 0), (Only.Lines.All, Only.Completed));
    }

    [Theory]
    [InlineData("", Query, Ndjson)]
    [InlineData("\n \n", Query, Ndjson)]
    [InlineData("""{"name":"n","template_name":"welcome","audience":[]}""", "", "application/json")]
    public async Task An_empty_audience_is_a_400_and_starts_nothing(string body, string query, string media)
    {
        Assert.Equal(["audience"], (await _api.Ask("POST", Path + query, body, media: media)).IsProblem(400).Fields);
        Assert.Equal((0, 0), (Only.Lines.All, Only.Completed));
    }

    [Fact]
    public async Task The_same_key_is_the_same_campaign_and_answers_its_receipt()
    {
        var first = (await Upload("{\"user_id\":\"a\"}", Query + "&idempotency_key=july")).Json.GetProperty("campaign_id").GetGuid();
        Assert.Equal(8, first.Version);
        Only.Upload = new() { Receipt = new CampaignReceipt { CampaignId = first, Queued = 3, Failed = 0, Errors = [] } };
        var answer = await _api.Ask("POST", Path, """{"name":"n","template_name":"welcome","idempotency_key":"july","audience":[{"user_id":"z"}]}""");
        Assert.Equal((200, $$"""{"campaign_id":"{{first}}","queued":3,"failed":0,"errors":[]}"""), (answer.Code, answer.Text));
        // As long as it was, the second body was read to its end, and nothing of it kept.
        Assert.Equal(200, (await Upload(new string('\n', 20 << 20), Query + "&idempotency_key=july")).Code);
        Assert.Equal((1, 1), (Only.Recipients.Count, Only.Completed));
        Assert.NotEqual(first, (await Upload("{\"user_id\":\"a\"}", Query + "&idempotency_key=august")).Json.GetProperty("campaign_id").GetGuid());
        Assert.NotEqual(CampaignKey.IdOf(null, s_at), CampaignKey.IdOf(null, s_at));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_upload_that_a_later_one_has_ended_is_a_409(bool inTheMiddle)
    {
        _api.Grains.OnCampaign = id => new FakeCampaign(id) { OnAdd = () => Task.FromResult(!inTheMiddle), IsCurrent = false };
        Assert.Equal("upload_ended", (await Upload("{\"user_id\":\"a\"}", Query + "&idempotency_key=k")).IsProblem(409).Reason);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_without_a_key_that_its_silo_lost_is_a_503(bool inTheMiddle)
    {
        _api.Grains.OnCampaign = id => new FakeCampaign(id) { OnAdd = () => Task.FromResult(!inTheMiddle), IsCurrent = false };
        Assert.NotNull((await Upload("{\"user_id\":\"a\"}")).IsProblem(503).Headers.RetryAfter);
    }

    [Fact]
    public async Task A_store_that_fails_in_the_middle_is_a_503_and_nothing_starts()
    {
        _api.Grains.OnCampaign = id => new FakeCampaign(id) { OnAdd = () => throw new StoreUnavailableException() };
        var answer = (await Upload("{\"user_id\":\"a\"}")).IsProblem(503);
        Assert.Equal((Reasons.StoreUnavailable, TimeSpan.FromSeconds(2)), (answer.Reason, answer.Headers.RetryAfter?.Delta));
        Assert.Equal(0, Only.Completed);
    }

    [Fact]
    public async Task A_hundred_thousand_lines_come_in_calls_of_500_and_the_body_has_no_limit()
    {
        _api.Grains.OnCampaign = id => new FakeCampaign(id) { KeepsRecipients = false };
        using EndlessLines lines = new(100_000, length: 200);
        using var request = new HttpRequestMessage(HttpMethod.Post, Path + Query) { Content = new StreamContent(lines) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _api.Token());
        request.Content.Headers.ContentType = new(Ndjson);
        var answer = await Answer.Of(await _api.Http.SendAsync(request, TestContext.Current.CancellationToken));
        Assert.Equal((200, 100_000), (answer.Code, answer.Json.GetProperty("queued").GetInt32()));
        Assert.Equal((CampaignUploading.LinesInOneCall, 100_000), Only.Lines);
        Assert.True(lines.Given > 8 << 20);
    }

    [Fact]
    public async Task A_client_that_leaves_in_the_middle_has_started_nothing()
    {
        TaskCompletionSource goOn = new();
        TaskCompletionSource<FakeCampaign> made = new();
        _api.Grains.OnCampaign = id =>
        {
            FakeCampaign campaign = new(id)
            {
                OnAdd = async () =>
                {
                    await goOn.Task;
                    return true;
                },
            };
            made.SetResult(campaign);
            return campaign;
        };
        using TcpClient client = new();
        await client.ConnectAsync("127.0.0.1", _api.Http.BaseAddress!.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        var lines = string.Concat(Enumerable.Range(0, CampaignUploading.LinesInOneCall + 1).Select(at => $"{{\"user_id\":\"u{at}\"}}\n"));
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"POST {Path}{Query} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {_api.Token()}\r\nContent-Type: {Ndjson}\r\nContent-Length: 10000000\r\n\r\n{lines}"),
            TestContext.Current.CancellationToken);
        var campaign = await made.Task.WaitAsync(TestContext.Current.CancellationToken);
        await campaign.Added;
        client.Client.LingerState = new LingerOption(true, 0);
        client.Close();
        goOn.SetResult();
        // The server ends when all its requests have ended.
        await _api.DisposeAsync();
        Assert.Equal((CampaignUploading.LinesInOneCall, 0), (campaign.Lines.All, campaign.Completed));
    }
}
