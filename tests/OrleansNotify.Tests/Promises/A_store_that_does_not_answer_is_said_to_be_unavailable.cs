using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.Promises;

public sealed class A_store_that_does_not_answer_is_said_to_be_unavailable(StoreFixture stores)
{
    [Fact]
    public async Task And_is_read_again_at_most_once_a_second()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        await cluster.UserWith();
        cluster.Store().IsUnreadable = true;
        var fresh = cluster.User("bob");

        Assert.Equal(ReceiptStatus.Unavailable, (await fresh.Send(Given.Alert)).Status);
        await Assert.ThrowsAsync<StoreUnavailableException>(fresh.GetUser);
        cluster.Store().IsUnreadable = false;
        await Assert.ThrowsAsync<StoreUnavailableException>(fresh.GetUser);

        cluster.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await fresh.GetUser());
    }

    [Fact]
    public async Task A_change_of_the_profile_that_may_have_been_made_is_read_again()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var user = await cluster.UserWith();
        cluster.Store().OnCommit = _ => new Fault();

        await Assert.ThrowsAsync<StoreUnavailableException>(() => user.SetPreferences(new Preferences { AlertTypesEnabled = ["x"] }));

        cluster.Store().OnCommit = _ => null;
        Assert.Equal(["x"], (await user.GetPreferences())!.AlertTypesEnabled);
    }
}
