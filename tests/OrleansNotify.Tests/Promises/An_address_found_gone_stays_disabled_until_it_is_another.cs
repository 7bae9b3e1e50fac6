using OrleansNotify.Delivery;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.Promises;

public sealed class An_address_found_gone_stays_disabled_until_it_is_another(StoreFixture stores)
{
    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task Whatever_else_of_the_user_changes_and_over_a_restart(StoreKind kind)
    {
        var store = await stores.Get(kind);
        string serviceId;
        await using (var cluster = await NotifyCluster.Start(store))
        {
            serviceId = cluster.ServiceId;
            var user = await Bounced(cluster);
            await user.SetUser(new UserUpdate { Email = Given.Email, Locale = "de" });
            await user.SetUser(new UserUpdate { Email = "ANN@B.Example", Locale = "de" });
            await Skips(user);
            await user.SetUser(new UserUpdate { Email = "new@b.example" });
            Assert.Empty((await user.GetUser())!.Disabled);
        }

        await using var again = await NotifyCluster.Start(store, serviceId: serviceId);
        await again.User("ann").SetUser(new UserUpdate { Email = Given.Email });
        await Skips(again.User("ann"));
        Assert.Equal("bounce 5.1.1", Assert.Single((await again.User("ann").GetUser())!.Disabled).Reason);
    }

    [Fact]
    public async Task Or_an_owner_enables_it()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var user = await Bounced(cluster);
        var before = (await user.GetUser())!.Version;

        var enabled = (await user.EnableAddress(Channel.Email))!;

        Assert.Empty(enabled.Disabled);
        Assert.NotEqual(before, enabled.Version);
        Assert.Equal(enabled.Version, (await user.EnableAddress(Channel.Email))!.Version);
        await user.SetUser(new UserUpdate { Email = "new@b.example" });
        await user.SetUser(new UserUpdate { Email = Given.Email });
        Assert.Empty((await user.GetUser())!.Disabled);
        cluster.Email.Answers(Outcomes.Sent);
        await user.Until((await user.Send(Given.Alert)).MessageId, MessageStatus.Sent);
        Assert.Null(await cluster.User("nobody").EnableAddress(Channel.Email));
    }

    private static async Task<IUserGrain> Bounced(NotifyCluster cluster)
    {
        var user = await cluster.UserWith();
        cluster.Email.Answers(Outcomes.Of(OutcomeKind.AddressGone, "5.1.1", Given.Email));
        await user.Until((await user.Send(Given.Alert)).MessageId, MessageStatus.DeadLettered);
        Assert.Single((await user.GetUser())!.Disabled);
        return user;
    }

    private static async Task Skips(IUserGrain user)
    {
        var receipt = await user.Send(Given.Alert);
        Assert.Equal((ReceiptStatus.Skipped, Reasons.NoAddress), (receipt.Status, receipt.Reason));
        Assert.Single((await user.GetUser())!.Disabled);
    }
}
