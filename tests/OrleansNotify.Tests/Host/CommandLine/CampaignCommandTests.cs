using OrleansNotify.Tests.Host.Api;
using OrleansNotify.Tests.Host.Api.Campaigns;
using OrleansNotify.Tests.Host.Store;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.Tests.Host.CommandLine;

/// <summary>The program as a client of a host, whose campaigns answer as the test says.</summary>
public sealed class CampaignCommandTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TempFolder _folder = new();
    private ApiHost _api = null!;

    private FakeCampaign Only => Assert.Single(_api.Grains.Campaigns).Value;

    private string File => _folder.File("july.ndjson");

    public async ValueTask InitializeAsync()
    {
        _api = await ApiHost.Start();
        await System.IO.File.WriteAllTextAsync(File, "{\"user_id\":\"a\"}\n{\"user_id\":\n{\"user_id\":\"b\",\"vars\":{\"name\":\"B\"}}\n");
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        _folder.Dispose();
    }

    private ChildProcess Start(string[] arguments, string? token = null) => HostProcess.Run(
        ["campaign", .. arguments, "--url", $"{_api.Http.BaseAddress}"], new Dictionary<string, string> { ["NOTIFY_TOKEN"] = token ?? _api.Token() }, _folder.Path);

    private async Task<(int Code, string Output)> Run(string[] arguments, string? token = null)
    {
        await using var process = Start(arguments, token);
        return (await process.WaitForExit(Patience), process.Output);
    }

    [Fact]
    public async Task A_file_is_sent_with_all_its_settings_and_the_failed_lines_are_told()
    {
        var (code, output) = await Run(
        [
            "send", File, "--template", "welcome", "--name", "July & more", "--channel", "email", "--fallback", "--batch-size", "10", "--rate", "60",
            "--start-at", "2026-01-31T09:30:00+00:00", "--expires-at", "2026-02-01T09:30:00Z", "--idempotency-key", "july",
        ]);
        var (id, campaign) = Assert.Single(_api.Grains.Campaigns);
        Assert.Equal(0, code);
        Assert.Contains($"Campaign {id} has 2 recipients. 1 line failed:\n  line 2: Is not JSON", output, StringComparison.Ordinal);
        Assert.Contains($"campaign pause {id}", output, StringComparison.Ordinal);
        var start = new DateTimeOffset(2026, 1, 31, 9, 30, 0, TimeSpan.Zero);
        Assert.Equal(
            [new() { Name = "July & more", TemplateName = "welcome", Channel = Channel.Email, Fallback = true, BatchSize = 10, Rate = 60, StartAt = start, ExpiresAt = start.AddDays(1) }],
            campaign.Begun);
        Assert.Equal(8, id.Version);
        Assert.Equal(["a", "b"], campaign.Recipients.Select(recipient => recipient.UserId));
        Assert.DoesNotContain(_api.Token(), output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watching_it_shows_its_pace_and_ends_with_it()
    {
        _api.Grains.OnCampaign = id => new FakeCampaign(id) { View = CampaignRoutesTests.View with { Status = CampaignStatus.Done, Remaining = 0 } };
        var (code, output) = await Run(["send", File, "--template", "welcome", "--watch"]);
        Assert.Equal(0, code);
        Assert.Equal("july", Assert.Single(Only.Begun).Name);
        Assert.Contains("\n45 of 45 · done\n", output, StringComparison.Ordinal);
        Assert.Contains("(July) is done\n", output, StringComparison.Ordinal);
        Assert.Contains("skipped                  2  no_address 1, unsubscribed 1\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_leaves_it_running_and_says_what_to_do_with_it()
    {
        _api.Grains.OnCampaign = id => new FakeCampaign(id) { View = CampaignRoutesTests.View };
        await using var process = Start(["send", File, "--template", "welcome", "--watch"]);
        await process.WaitForLine(line => line == "33 of 45 · 0.3/s · 48 s left", "its pace", Patience);
        await process.Signal("INT");
        Assert.Equal(0, await process.WaitForExit(Patience));
        foreach (var word in (string[])["status", "pause", "cancel"])
            Assert.Contains($"campaign {word} {Assert.Single(_api.Grains.Campaigns).Key} ", process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("cancel", Only.Turns);
    }

    [Fact]
    public async Task Ctrl_C_during_the_upload_starts_nothing()
    {
        TaskCompletionSource<FakeCampaign> made = new();
        TaskCompletionSource<bool> held = new();
        _api.Grains.OnCampaign = id =>
        {
            made.SetResult(new FakeCampaign(id) { OnAdd = () => held.Task });
            return made.Task.Result;
        };
        await using var process = Start(["send", File, "--template", "welcome"]);
        await (await made.Task.WaitAsync(TestContext.Current.CancellationToken)).Added;
        await process.Signal("INT");
        Assert.Equal(130, await process.WaitForExit(Patience));
        Assert.Contains("Of an upload that was not whole nothing is sent.", process.Output, StringComparison.Ordinal);
        held.SetResult(false);
    }

    [Theory]
    [InlineData("status", "get")]
    [InlineData("pause", "pause")]
    [InlineData("resume", "resume")]
    [InlineData("cancel", "cancel")]
    public async Task A_campaign_is_looked_after_by_its_id(string word, string asked)
    {
        var campaign = _api.Grains.Campaign(CampaignRoutesTests.View.CampaignId);
        campaign.View = CampaignRoutesTests.View;
        var (code, output) = await Run([word, $"{CampaignRoutesTests.View.CampaignId}"]);
        Assert.Equal((0, asked), (code, Assert.Single(campaign.Turns)));
        Assert.Contains("  sent                     1  email 1\n", output, StringComparison.Ordinal);
        Assert.Contains("  33 of 45 · 0.3/s · 48 s left", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_host_refuses_is_told_by_option()
    {
        var (code, output) = await Run(["send", File, "--template", "welcome", "--rate", "fast", "--start-at", "noon"]);
        Assert.Equal(1, code);
        Assert.Contains("--rate: Must be a whole number.\n--start-at: Must be a time with an offset", output, StringComparison.Ordinal);
        Assert.Empty(_api.Grains.Campaigns);
    }

    [Fact]
    public async Task Every_other_failure_says_what_to_do()
    {
        await Fails(1, "token --role service", ["send", File, "--template", "welcome"], token: "hunter2");
        await Fails(1, "role service or owner", ["status", $"{Guid.Empty}"], token: _api.Token("user"));
        await Fails(1, "There is no such campaign.", ["pause", $"{Guid.Empty}"]);
        await Fails(2, "NOTIFY_TOKEN", ["send", File, "--template", "welcome"], token: " ");
        await Fails(2, "NOTIFY_TOKEN", ["send", File, "--template", "welcome"], token: "hunter2\nand more");
        await Fails(2, "nowhere.ndjson", ["send", _folder.File("nowhere.ndjson"), "--template", "welcome"]);
        await Fails(1, "--template", ["send", File]);
        _api.Grains.OnCampaign = id => new FakeCampaign(id) { OnAdd = () => throw new StoreUnavailableException() };
        await Fails(1, "With --idempotency-key it is safe to send it again.", ["send", File, "--template", "welcome"]);
        await _api.DisposeAsync();
        await Fails(1, "Is it running?", ["status", $"{Guid.Empty}"]);
    }

    private async Task Fails(int code, string says, string[] arguments, string? token = null)
    {
        var (ended, output) = await Run(arguments, token);
        Assert.True(ended == code && output.Contains(says, StringComparison.Ordinal), $"{string.Join(' ', arguments)} ended with {ended}:\n{output}");
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", output, StringComparison.Ordinal);
    }
}
