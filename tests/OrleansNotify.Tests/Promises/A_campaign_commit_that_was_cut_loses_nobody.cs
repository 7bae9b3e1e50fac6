using System.Collections.Immutable;
using OrleansNotify.Delivery;
using OrleansNotify.RateLimiting;
using OrleansNotify.Storage;
using OrleansNotify.Tests.Campaigns;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.Promises;

/// <summary>As the embedded store may leave a commit when it is killed: the first of its writes. Each kind is cut after each of them.</summary>
public sealed class A_campaign_commit_that_was_cut_loses_nobody(StoreFixture stores)
{
    private const string User = "u0";

    [Fact]
    public async Task Accept_with_its_begin() => await CutEach(commit => Moves(commit, "waiting"), view => view.Sent == 1);

    [Fact]
    public async Task Accept_into_the_lane() => await CutEach(commit => Moves(commit, "waiting"), view => view.Sent == 1, room: 0);

    [Fact]
    public async Task Settle_as_sent() => await CutEach(commit => Moves(commit, "sent:email"), view => view.Sent == 1);

    [Fact]
    public async Task Settle_as_dead_letter() =>
        await CutEach(commit => Moves(commit, "dead_lettered"), view => view.Sent + view.DeadLettered == 1, outcome: Outcomes.Of(OutcomeKind.Rejected));

    [Fact]
    public async Task Settle_as_retry() => await CutEach(commit => Moves(commit, "retrying"), view => view.Sent == 1, outcome: Outcomes.Of(OutcomeKind.Retry));

    [Fact]
    public async Task Skip() => await CutEach(commit => Moves(commit, "skipped:no_address"), view => view.Skipped == 1, email: false);

    [Fact]
    public async Task Hold()
    {
        QuietHours quiet = new() { Enabled = true, Start = new(11, 0), End = new(12, 5), TimeZone = "UTC" };
        await CutEach(commit => Moves(commit, "held"), view => view.Sent == 1, preferences: new Preferences { QuietHours = quiet });
    }

    [Fact]
    public async Task Hand_back() => await CutEach(commit => Moves(commit, "new"), view => view.Sent == 1, pause: true);

    private static bool Moves(Commit commit, string state) => commit.Writes.Any(write => write.Command == Write.Move && write.Args[1] == state);

    private async Task CutEach(
        Func<Commit, bool> which, Func<CampaignView, bool> ends, int room = 1000, bool email = true, Preferences? preferences = null, Outcome? outcome = null, bool pause = false)
    {
        var store = await stores.Get(StoreKind.Embedded);
        // With a permit that is spent, the campaign's message waits until it is handed back.
        var limits = pause ? ImmutableDictionary<Channel, RateLimit>.Empty.Add(Channel.Email, new RateLimit(1, TimeSpan.FromMinutes(1))) : null;
        for (var (kept, writes) = (0, 1); kept <= writes; kept++)
        {
            var id = Guid.NewGuid();
            string serviceId;
            await using (var cluster = await NotifyCluster.Start(store, room: room, limits: limits))
            {
                serviceId = cluster.ServiceId;
                await cluster.UserWith(User, email, preferences: preferences);
                cluster.Email.Answers(outcome ?? Outcomes.Sent);
                if (pause) await (await cluster.UserWith("ann")).Until((await cluster.User("ann").Send(Given.Alert)).MessageId, MessageStatus.Sent);
                var cut = 0;
                cluster.Store().OnCommit = commit =>
                {
                    if (Volatile.Read(ref cut) == 0 && !which(commit)) return null;
                    if (Interlocked.Exchange(ref cut, 1) == 1) return new Fault();
                    writes = commit.Writes.Sum(write => write.More is null ? 1 : 5);
                    return new Fault(AfterWrites: kept);
                };
                var campaign = cluster.Campaign(id);
                await campaign.Start(Audience.Insight, User);
                if (pause)
                {
                    await Eventually.True(() => cluster.Redis.SortedSetLength(cluster.Keys.Lane(Channel.Email, Priority.Campaign)) == 1);
                    await campaign.Pause();
                }

                await Eventually.True(() =>
                {
                    cluster.Clock.Advance(TimeSpan.FromSeconds(1));
                    return cluster.Store().Faults > 0;
                });
                await cluster.Inner.Silos.KillSiloAsync(cluster.Inner.Silos.Silos[0], TestContext.Current.CancellationToken);
            }

            await using var again = await NotifyCluster.Start(store, serviceId: serviceId);
            await again.Campaign(id).Resume();
            var end = await again.Until(again.Campaign(id), view => view.Status == CampaignStatus.Done && ends(view), TimeSpan.FromSeconds(5));
            Assert.True(end.Targeted == 1, $"one recipient is counted once when {kept} writes were kept");
            await Eventually.True(async () =>
            {
                again.Clock.Advance(TimeSpan.FromSeconds(11));
                return await again.AgendaLength() == 0;
            });
            await again.Closes(id);
        }
    }
}
