using OrleansNotify.Campaigns;
using OrleansNotify.Tests.Cluster;

namespace OrleansNotify.Tests.Campaigns;

public sealed class CampaignRulesTests
{
    [Fact]
    public void Good_settings_have_nothing_wrong() => Assert.Empty(Check(Audience.Insight with
    {
        Channel = Channel.Email,
        BatchSize = 1000,
        Rate = 1_000_000,
        StartAt = World.Now.AddDays(364),
        ExpiresAt = World.Now.AddDays(365),
    }));

    [Fact]
    public void Each_wrong_field_is_named()
    {
        var errors = Check(Audience.Insight with
        {
            Name = "",
            TemplateName = "none",
            BatchSize = 0,
            Rate = 1_000_001,
            StartAt = World.Now.AddDays(366),
            ExpiresAt = World.Now.AddDays(366),
        });

        Assert.Equal(["batch_size", "expires_at", "name", "rate", "start_at", "template_name"], errors.Keys.Order());
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1001, null)]
    [InlineData(1, 0)]
    public void Numbers_have_bounds(int batch, int? rate) => Assert.Single(Check(Audience.Insight with { BatchSize = batch, Rate = rate }));

    [Fact]
    public void What_has_expired_already_is_wrong() =>
        Assert.Equal(["Must be after the start."], Check(Audience.Insight with { ExpiresAt = World.Now })["expires_at"]);

    [Fact]
    public void What_expires_before_a_start_that_has_passed_is_told_by_now() =>
        Assert.Empty(Check(Audience.Insight with { StartAt = World.Now.AddHours(-1), ExpiresAt = World.Now.AddHours(1) }));

    [Fact]
    public void A_recipient_needs_a_user_id_and_the_templates_variables()
    {
        var good = Audience.Of("ann")[0];

        Assert.Null(Check(good));
        Assert.StartsWith("user_id: ", Check(good with { UserId = "a b" }), StringComparison.Ordinal);
        Assert.StartsWith("vars.", Check(good with { Vars = TemplateVars.Empty }), StringComparison.Ordinal);
    }

    private static IReadOnlyDictionary<string, string[]> Check(CampaignSettings settings) => CampaignRules.Check(settings, TestTemplates.Catalog, World.Now);

    private static string? Check(CampaignRecipient recipient) => CampaignRules.Check(recipient, Audience.Insight, TestTemplates.Catalog, World.Now);
}
