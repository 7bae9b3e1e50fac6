using System.Collections.Immutable;

namespace OrleansNotify.Tests.Host.Api.Campaigns;

/// <summary>A campaign's progress, and its turns.</summary>
public sealed class CampaignRoutesTests : IAsyncLifetime
{
    private static readonly Guid s_id = new("019be2b6-0000-7000-8000-000000000001");

    private ApiHost _api = null!;

    public async ValueTask InitializeAsync() => _api = await ApiHost.Start();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    public static CampaignView View { get; } = new()
    {
        CampaignId = s_id,
        Name = "July",
        Status = CampaignStatus.Running,
        Targeted = 45,
        Sent = 1,
        Skipped = 2,
        Deferred = 3,
        Waiting = 4,
        Retrying = 5,
        DeadLettered = 6,
        Expired = 7,
        Cancelled = 17,
        Remaining = 12,
        RatePerSecond = 0.25,
        EstimatedEnd = null,
        SkippedByReason = ImmutableSortedDictionary<string, long>.Empty.Add("no_address", 1).Add("unsubscribed", 1),
        SentByChannel = ImmutableSortedDictionary<string, long>.Empty.Add("email", 1),
        TemplateName = "welcome",
    };

    [Theory]
    [InlineData("GET", "", "get")]
    [InlineData("POST", "/pause", "pause")]
    [InlineData("POST", "/resume", "resume")]
    [InlineData("POST", "/cancel", "cancel")]
    public async Task Each_answers_the_whole_progress(string method, string path, string word)
    {
        _api.Grains.Campaign(s_id).View = View;
        var answer = await _api.Ask(method, $"/api/v1/campaigns/{s_id}{path}");
        Assert.Equal(
            $$$"""{"campaign_id":"{{{s_id}}}","name":"July","status":"running","targeted":45,"sent":1,"skipped":2,"deferred":3,"waiting":4,"retrying":5,"dead_lettered":6"""
            + ""","expired":7,"cancelled":17,"remaining":12,"rate_per_second":0.25,"estimated_end":null,"skipped_by_reason":{"no_address":1,"unsubscribed":1}"""
            + ""","sent_by_channel":{"email":1},"template_name":"welcome"}""",
            answer.Text);
        Assert.Equal((200, word), (answer.Code, Assert.Single(_api.Grains.Campaign(s_id).Turns)));
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("POST", "/pause")]
    [InlineData("POST", "/resume")]
    [InlineData("POST", "/cancel")]
    public async Task One_that_is_not_there_is_a_404_and_what_is_no_id_a_400(string method, string path)
    {
        (await _api.Ask(method, $"/api/v1/campaigns/{s_id}{path}")).IsProblem(404);
        foreach (var id in (string[])["7", $"{s_id:N}", $"%7B{s_id}%7D"])
            Assert.Equal(["campaign_id"], (await _api.Ask(method, $"/api/v1/campaigns/{id}{path}")).IsProblem(400).Fields);
        Assert.Single(_api.Grains.Campaigns);
    }
}
