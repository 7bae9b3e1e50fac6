using System.Buffers.Text;
using System.Text;

namespace OrleansNotify.Tests.Host.Api.Campaigns;

/// <summary>Lists: the campaigns, and the recipients of one.</summary>
public sealed class CampaignPagesTests : IAsyncLifetime
{
    private static readonly Guid s_id = new("019be2b6-0000-7000-8000-000000000001");
    private static readonly string s_campaign = $"/api/v1/campaigns/{s_id}/recipients";

    private ApiHost _api = null!;

    public async ValueTask InitializeAsync() => _api = await ApiHost.Start();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Campaigns_are_listed_as_they_are_asked_for()
    {
        var cursor = $"01767225600000-{s_id:N}";
        _api.Grains.CampaignList.Page = new Page<CampaignView> { Items = [CampaignRoutesTests.View], NextCursor = cursor };
        var answer = await _api.Ask("GET", $"/api/v1/campaigns?state=running&name=jul&limit=7&cursor={cursor}");
        Assert.Equal((200, cursor, "July"), (answer.Code, answer.Json.GetProperty("next_cursor").GetString(), answer.Json.GetProperty("items")[0].GetProperty("name").GetString()));
        await _api.Ask("GET", "/api/v1/campaigns");
        Assert.Equal([(new() { State = CampaignStatus.Running, Name = "jul" }, cursor, 7), (new(), null, 20)], _api.Grains.CampaignList.Asked);
    }

    [Fact]
    public async Task So_are_the_recipients_of_one()
    {
        var cursor = Base64Url.EncodeToString(Encoding.UTF8.GetBytes("dead_lettered u1"));
        _api.Grains.Campaign(s_id).Page = new Page<CampaignRecipientView>
        {
            Items = [new() { UserId = "u2", State = CampaignRecipientState.DeadLettered, MessageId = s_id }, new() { UserId = "u3", State = CampaignRecipientState.Skipped, Reason = "no_address" }],
            NextCursor = cursor,
        };
        var answer = await _api.Ask("GET", $"{s_campaign}?state=dead_lettered&cursor={cursor}&limit=2");
        Assert.Equal(
            $$"""{"items":[{"user_id":"u2","state":"dead_lettered","message_id":"{{s_id}}"},{"user_id":"u3","state":"skipped","reason":"no_address"}],"next_cursor":"{{cursor}}"}""",
            answer.Text);
        await _api.Ask("GET", s_campaign);
        Assert.Equal([(CampaignRecipientState.DeadLettered, cursor, 2), (null, null, 20)], _api.Grains.Campaign(s_id).Asked);
    }

    [Theory]
    [InlineData("/api/v1/campaigns?state=sent", "state")]
    [InlineData("/api/v1/campaigns?state=Running", "state")]
    [InlineData("/api/v1/campaigns?cursor=7&limit=0", "cursor,limit")]
    [InlineData("/api/v1/campaigns?limit=101", "limit")]
    [InlineData("/api/v1/campaigns?status=running", "status")]
    [InlineData("/api/v1/campaigns/019be2b6-0000-7000-8000-000000000001/recipients?state=running&cursor=~&limit=x", "state,cursor,limit")]
    [InlineData("/api/v1/campaigns/019be2b6-0000-7000-8000-000000000001/recipients?cursor=bm9zcGFjZQ", "cursor")]
    [InlineData("/api/v1/campaigns/7/recipients", "campaign_id")]
    public async Task What_cannot_be_is_a_400_by_its_name(string path, string fields) =>
        Assert.Equal(fields.Split(','), (await _api.Ask("GET", path)).IsProblem(400).Fields);

    [Fact]
    public async Task A_campaign_that_is_not_there_is_a_404_and_neither_is_for_users()
    {
        (await _api.Ask("GET", s_campaign)).IsProblem(404);
        foreach (var path in (string[])["/api/v1/campaigns", s_campaign]) (await _api.Ask("GET", path, role: "user")).IsProblem(403);
    }
}
