using OrleansNotify.Host.Auth;

namespace OrleansNotify.Tests.Host.Api;

public sealed class ChannelsTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private readonly ApiHost _api = fixture.Api;

    [Theory, InlineData("push"), InlineData("telegram"), InlineData("email")]
    public async Task An_owner_lifts_a_channels_pauses_by_name(string channel)
    {
        var answer = await _api.Ask("DELETE", $"/api/v1/channels/{channel}/pause", token: _api.Token(Roles.Owner, "olga"));
        Assert.Equal((204, ""), (answer.Code, answer.Text));
        Assert.Equal(["olga"], _api.Grains.Channels[channel].LiftedBy);
    }

    [Fact]
    public async Task Another_channel_is_none() =>
        Assert.Equal(["channel"], (await _api.Ask("DELETE", "/api/v1/channels/Telegram/pause")).IsProblem(400).Fields);
}
