using OrleansNotify.Host.CommandLine.Campaigns;
using OrleansNotify.Tests.Host.Api.Campaigns;

namespace OrleansNotify.Tests.Host.CommandLine;

public sealed class CampaignTextTests
{
    [Theory]
    [InlineData(CampaignStatus.Running, 50, 10, 0, "950 of 1,000 · 10/s · 5 s left")]
    [InlineData(CampaignStatus.Running, 900, 2.5, 0, "100 of 1,000 · 2.5/s · 6 min left")]
    [InlineData(CampaignStatus.Running, 900, 0.05, 0, "100 of 1,000 · 0.1/s · 5 h left")]
    [InlineData(CampaignStatus.Running, 900, 0, 900, "100 of 1,000 · the rest waits for the end of quiet hours")]
    [InlineData(CampaignStatus.Running, 900, 0, 899, "100 of 1,000 · 0/s")]
    [InlineData(CampaignStatus.Running, 0, 0, 0, "1,000 of 1,000 · 0/s")]
    [InlineData(CampaignStatus.Paused, 900, 3, 0, "100 of 1,000 · paused")]
    public void The_pace_of_a_campaign_is_said_in_a_line(CampaignStatus status, long remaining, double rate, long deferred, string line) =>
        Assert.Equal(line, CampaignText.Pace(CampaignRoutesTests.View with
        {
            Status = status,
            Targeted = 1000,
            Remaining = remaining,
            RatePerSecond = rate,
            Deferred = deferred,
        }));

    [Fact]
    public void The_first_ten_failed_lines_are_told_and_the_others_counted()
    {
        var receipt = new CampaignReceipt
        {
            CampaignId = Guid.Empty,
            Queued = 1,
            Failed = 1234,
            Errors = [.. Enumerable.Range(1, 100).Select(line => new CampaignLineError(line, "duplicate_recipient"))],
        };
        var lines = CampaignText.Of(receipt).Split(Environment.NewLine);
        Assert.Equal($"Campaign {Guid.Empty} has 1 recipient. 1,234 lines failed:", lines[0]);
        Assert.Equal(["  line 10: duplicate_recipient", "  and 1,224 more"], lines[10..]);
        Assert.Equal($"Campaign {Guid.Empty} has 0 recipients.", CampaignText.Of(receipt with { Queued = 0, Failed = 0, Errors = [] }));
    }
}
