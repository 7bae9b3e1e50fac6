using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.Promises;

public sealed class A_begin_whose_silo_died_is_tried_again(StoreFixture stores)
{
    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public Task Before_or_during_the_send(StoreKind kind) => Dies(kind, cluster => _ = cluster.Email.Hang(), sentBefore: 1);

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public Task After_the_send_and_before_its_outcome_was_stored(StoreKind kind) => Dies(
        kind, cluster => cluster.Store().OnCommit = _ => cluster.Email.Jobs.Count > 0 ? new Fault() : null, sentBefore: 1);

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task The_third_time_it_is_poison(StoreKind kind)
    {
        var store = await stores.Get(kind);
        var serviceId = Store.NewServiceId();
        Guid? id = null;
        for (var life = 0; life < 3; life++)
        {
            await using var cluster = await NotifyCluster.Start(store, serviceId: serviceId);
            cluster.Email.Hang();
            id ??= (await (await cluster.UserWith()).Send(Given.Alert)).MessageId;
            await Eventually.True(() =>
            {
                cluster.Clock.Advance(TimeSpan.FromSeconds(2));
                return cluster.Email.Jobs.Count == 1;
            });
        }

        await using var last = await NotifyCluster.Start(store, serviceId: serviceId);
        await Eventually.True(async () =>
        {
            last.Clock.Advance(TimeSpan.FromSeconds(2));
            return (await last.User("ann").GetMessage(id!.Value))!.Status == MessageStatus.DeadLettered;
        });
        Assert.Equal(Reasons.Poison, (await last.User("ann").GetMessage(id!.Value))!.Events[^1].Detail);
        Assert.Empty(last.Email.Jobs);
    }

    private async Task Dies(StoreKind kind, Action<NotifyCluster> fault, int sentBefore)
    {
        var store = await stores.Get(kind);
        string serviceId;
        Guid id;
        await using (var cluster = await NotifyCluster.Start(store))
        {
            serviceId = cluster.ServiceId;
            var user = await cluster.UserWith();
            fault(cluster);
            id = (await user.Send(Given.Alert)).MessageId!.Value;
            await Eventually.True(() => cluster.Email.Jobs.Count == sentBefore);
            await Eventually.True(async () => (await user.GetMessage(id))!.Status == MessageStatus.Sending);
            await cluster.Inner.Silos.KillSiloAsync(cluster.Inner.Silos.Silos[0]);
        }

        await using var again = await NotifyCluster.Start(store, serviceId: serviceId);
        await Eventually.True(async () =>
        {
            again.Clock.Advance(TimeSpan.FromSeconds(2));
            return (await again.User("ann").GetMessage(id))!.Status == MessageStatus.Sent;
        });
        Assert.Equal([id], again.Email.Messages);
        var attempts = (await again.User("ann").GetMessage(id))!.Events.Where(e => e.Type == MessageEventType.Attempt).ToList();
        Assert.Equal(["unknown", "sent"], attempts.Select(attempt => attempt.Outcome));
        Assert.True(attempts[0].MaybeDuplicate);
    }
}
