using OrleansNotify.Delivery;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.Promises;

/// <summary>
/// A store that logs a script's writes one by one keeps, when it is killed, the first of them. So each kind of commit is cut after each of its
/// writes, everything is started anew on what is left, and the message must still arrive, or never have been promised.
/// </summary>
public sealed class A_commit_that_was_cut_after_any_of_its_writes_loses_nothing(StoreFixture stores)
{
    private const int MostWrites = 12;

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task Accept(StoreKind kind) => await CutEach(kind, 0, async (cluster, user) =>
    {
        var receipt = await user.Send(Given.Alert with { IdempotencyKey = "key" });
        Assert.Equal(ReceiptStatus.Unavailable, receipt.Status);
        return null;
    });

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task Settle_as_sent(StoreKind kind) => await CutEach(kind, 1, async (cluster, user) =>
    {
        var receipt = await user.Send(Given.Alert);
        await Eventually.True(() => cluster.Email.Jobs.Count == 1);
        return receipt.MessageId;
    });

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task Settle_as_retry(StoreKind kind) => await CutEach(kind, 1, async (cluster, user) =>
    {
        cluster.Email.Answers(Outcomes.Of(OutcomeKind.Retry));
        var receipt = await user.Send(Given.Alert);
        await Eventually.True(() => cluster.Email.Jobs.Count == 1);
        return receipt.MessageId;
    });

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task Settle_as_dead_letter(StoreKind kind) => await CutEach(kind, 1, async (cluster, user) =>
    {
        cluster.Email.Answers(Outcomes.Of(OutcomeKind.Rejected));
        var receipt = await user.Send(Given.Alert);
        await Eventually.True(() => cluster.Email.Jobs.Count == 1);
        return receipt.MessageId;
    });

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task Accept_into_the_lane(StoreKind kind) => await CutEach(kind, 0, async (cluster, user) =>
    {
        var receipt = await user.Send(Given.Alert with { IdempotencyKey = "key" });
        Assert.Equal(ReceiptStatus.Unavailable, receipt.Status);
        return null;
    }, room: 0);

    /// <summary>Runs a scenario in which a commit is cut after 0, 1, 2… writes; then starts anew and looks for the message.</summary>
    private async Task CutEach(StoreKind kind, int which, Func<NotifyCluster, IUserGrain, Task<Guid?>> scenario, int room = 1000)
    {
        var store = await stores.Get(kind);
        var writes = 1;
        for (var kept = 0; kept <= writes; kept++)
        {
            Guid? promised;
            string serviceId;
            await using (var cluster = await NotifyCluster.Start(store, room: room))
            {
                serviceId = cluster.ServiceId;
                var user = await cluster.UserWith();
                Cut(cluster.Store(), which, kept);
                promised = await scenario(cluster, user);
                await Eventually.True(() => cluster.Store().Faults > 0);
                writes = cluster.Store().Commits[which].Writes.Count;
            }

            await using var again = await NotifyCluster.Start(store, serviceId: serviceId);
            await Arrives(again, promised, kept);
            Assert.InRange(writes, 1, MostWrites);
        }
    }

    private static void Cut(FaultyStore store, int which, int kept)
    {
        var seen = -1;
        // One is cut, and then the store is gone: what came later could still be on its way when the next cluster is there.
        store.OnCommit = commit => (Interlocked.Increment(ref seen) - which) switch
        {
            < 0 => null,
            0 => new Fault(AfterWrites: kept),
            _ => new Fault(),
        };
        store.Commits.Clear();
    }

    private static async Task Arrives(NotifyCluster cluster, Guid? promised, int kept)
    {
        var user = cluster.User("ann");
        await Eventually.True(async () =>
        {
            cluster.Clock.Advance(TimeSpan.FromSeconds(11));
            return await cluster.AgendaLength() == 0;
        });
        Assert.Equal(0, await cluster.Redis.SortedSetLengthAsync(cluster.Keys.Lane(Channel.Email, Priority.Transactional)));
        var settled = (await user.ListMessages(null, 10)).Items;
        Assert.All(settled, message => Assert.Contains(message.Status, new[] { MessageStatus.Sent, MessageStatus.DeadLettered }));
        Assert.Equal(settled.Count(message => message.Status == MessageStatus.DeadLettered), await cluster.Redis.HashLengthAsync(cluster.Keys.Letters));
        if (promised is { } id) Assert.True(settled.Any(message => message.MessageId == id), $"the message is there when {kept} writes were kept");
    }
}
