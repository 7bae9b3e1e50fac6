using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.Promises;

/// <summary>Two clusters on one store stand for a membership that disagrees with itself: each has its own activation of the user.</summary>
public sealed class Two_activations_of_one_user_never_both_win(StoreFixture stores)
{
    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task The_slower_one_reads_again_and_decides_anew(StoreKind kind)
    {
        var store = await stores.Get(kind);
        await using var one = await NotifyCluster.Start(store);
        await using var two = await NotifyCluster.Start(store, serviceId: one.ServiceId, clock: one.Clock);
        var first = await one.UserWith();
        var second = two.User("ann");
        Assert.NotNull(await second.GetUser());

        var request = Given.Alert with { IdempotencyKey = "key" };
        var receipts = await Task.WhenAll(first.Send(request), second.Send(request));

        Assert.Equal([ReceiptStatus.Accepted, ReceiptStatus.Duplicate], receipts.Select(receipt => receipt.Status).Order());
        Assert.Single(receipts.Select(receipt => receipt.MessageId).Distinct());
        await Settles(one, 1);
        Assert.Equal(1, one.Email.Jobs.Count + two.Email.Jobs.Count);
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task Whoever_decides_by_an_old_profile_does_not_commit(StoreKind kind)
    {
        var store = await stores.Get(kind);
        await using var one = await NotifyCluster.Start(store);
        await using var two = await NotifyCluster.Start(store, serviceId: one.ServiceId, clock: one.Clock);
        var first = await one.UserWith();
        var second = two.User("ann");
        Assert.NotNull(await second.GetUser());

        await first.SetPreferences(new Preferences { AlertTypesEnabled = ["other"] });
        var receipt = await second.Send(Given.Alert);

        Assert.Equal((ReceiptStatus.Skipped, Reasons.AlertTypeDisabled), (receipt.Status, receipt.Reason));
    }

    [Fact]
    public async Task Many_requests_through_both_are_all_kept_once()
    {
        var store = await stores.Get(StoreKind.Embedded);
        await using var one = await NotifyCluster.Start(store);
        await using var two = await NotifyCluster.Start(store, serviceId: one.ServiceId, clock: one.Clock);
        await one.UserWith();

        var receipts = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => (i % 2 == 0 ? one : two).User("ann").Send(Given.Alert)));

        var accepted = receipts.Where(receipt => receipt.Status == ReceiptStatus.Accepted).Select(receipt => receipt.MessageId!.Value).ToHashSet();
        await Settles(one, accepted.Count);
        Assert.Equal(accepted, one.Email.Messages.Concat(two.Email.Messages).ToHashSet());
        Assert.Equal(accepted.Count, one.Email.Jobs.Count + two.Email.Jobs.Count);
    }

    // Asked of the store: an activation that has been overtaken does not know it before it next wants to change something.
    private static Task Settles(NotifyCluster cluster, int count) => Eventually.True(async () =>
    {
        cluster.Clock.Advance(TimeSpan.FromMilliseconds(5));
        return await cluster.Redis.ListLengthAsync(cluster.Keys.History("ann")) == count;
    });
}
