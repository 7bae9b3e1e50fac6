using CsCheck;
using OrleansNotify.Campaigns;

namespace OrleansNotify.Tests.Campaigns;

public sealed class CampaignPlaceTests
{
    private static readonly Guid s_campaign = Guid.Parse("01900000-0000-7000-8000-000000000001");

    [Fact]
    public void A_users_message_has_always_the_same_id() =>
        Assert.Equal(Guid.Parse("33b10f10-c19c-88f5-a6e5-b04a03c0d8ec"), new CampaignPlace(s_campaign, 7).MessageFor("ann"));

    [Fact]
    public void It_is_a_UUID_of_version_8_whatever_the_campaign_and_the_user() => Gen.Select(Gen.Guid, Gen.String).Sample((campaign, user) =>
    {
        var id = new CampaignPlace(campaign, 0).MessageFor(user);
        Assert.Equal(8, id.Version);
        Assert.InRange(id.Variant, 8, 11);
        Assert.Equal(id, new CampaignPlace(campaign, 1).MessageFor(user));
    });

    [Fact]
    public void Other_users_and_other_campaigns_have_other_messages()
    {
        var place = new CampaignPlace(s_campaign, 0);
        Assert.NotEqual(place.MessageFor("ann"), place.MessageFor("bob"));
        Assert.NotEqual(place.MessageFor("ann"), (place with { Campaign = Guid.Empty }).MessageFor("ann"));
    }
}
