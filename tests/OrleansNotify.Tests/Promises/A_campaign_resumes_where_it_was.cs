using OrleansNotify.Tests.Campaigns;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.Promises;

public sealed class A_campaign_resumes_where_it_was(StoreFixture stores)
{
    private const int Recipients = 70;

    /// <summary>The store, whose commits count, the one that is the last, and whether that one is still made.</summary>
    public static TheoryData<StoreKind, bool, int, bool> Kills
    {
        get
        {
            TheoryData<StoreKind, bool, int, bool> data = [];
            foreach (var kind in Enum.GetValues<StoreKind>())
            {
                // Of users: in the first batch, on its last, in a later one. Of the campaign: the checkpoint of the first and of the second batch.
                foreach (var applied in new[] { false, true })
                {
                    foreach (var last in new[] { 0, 7, 25 }) data.Add(kind, false, last, applied);
                    foreach (var last in new[] { 0, 1 }) data.Add(kind, true, last, applied);
                }
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Kills))]
    public async Task Whenever_its_silo_was_killed(StoreKind kind, bool ofCampaign, int last, bool applied)
    {
        var store = await stores.Get(kind);
        var id = Guid.NewGuid();
        string serviceId;
        List<Guid> sent;
        string[] users;
        await using (var cluster = await NotifyCluster.Start(store))
        {
            serviceId = cluster.ServiceId;
            users = await cluster.Users(Recipients);
            var key = cluster.Keys.Campaign(id);
            var campaign = cluster.Campaign(id);
            var upload = (await campaign.Begin(Audience.Insight with { BatchSize = 10 })).Upload;
            Assert.True(await campaign.Add(upload, Audience.Of(users), []));
            var (seen, isGone) = (0, false);
            var gone = new TaskCompletionSource();
            cluster.Store().OnCommit = commit =>
            {
                lock (store)
                {
                    var counts = commit.Outbox == key ? ofCampaign && commit.Writes.Count == 1 : !ofCampaign;
                    if (!isGone && (!counts || seen++ < last)) return null;
                    var fault = new Fault(Applied: applied && !isGone);
                    isGone = true;
                    gone.TrySetResult();
                    return fault;
                }
            };
            Assert.Equal(Recipients, (await campaign.Complete(upload))!.Queued);
            await gone.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            await cluster.Inner.Silos.KillSiloAsync(cluster.Inner.Silos.Silos[0], TestContext.Current.CancellationToken);
            sent = [.. cluster.Email.Messages];
        }

        await using var again = await NotifyCluster.Start(store, serviceId: serviceId);
        var done = await again.Until(again.Campaign(id), view => view.Status == CampaignStatus.Done, TimeSpan.FromSeconds(1));

        Assert.Equal((Recipients, Recipients), (done.Targeted, done.Sent));
        Assert.Equal(Recipients, sent.Concat(again.Email.Messages).Distinct().Count());
        await again.Closes(id);
        await Eventually.True(async () =>
        {
            again.Clock.Advance(TimeSpan.FromSeconds(1));
            return await again.AgendaLength() == 0;
        });
        foreach (var user in users) Assert.Equal(MessageStatus.Sent, Assert.Single((await again.User(user).ListMessages(null, 10)).Items).Status);
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task After_a_pause_of_a_week(StoreKind kind)
    {
        await using var cluster = await NotifyCluster.Start(await stores.Get(kind));
        var users = await cluster.Users(Recipients);
        var campaign = cluster.Campaign();
        await campaign.Start(Audience.Insight with { BatchSize = 10, Rate = 600 }, users);
        await cluster.Until(campaign, view => view.Sent >= 20);
        await campaign.Pause();
        var paused = await cluster.Until(campaign, view => view.Sent + view.Waiting == Recipients && cluster.Email.Jobs.Count == view.Sent);

        for (var day = 0; day < 7; day++) await cluster.Until(campaign, _ => true, TimeSpan.FromDays(1));
        Assert.Equal(paused.Sent, (await campaign.Get())!.Sent);

        Assert.Equal(CampaignStatus.Running, (await campaign.Resume())!.Status);
        await cluster.Until(campaign, view => view.Status == CampaignStatus.Done, TimeSpan.FromSeconds(1));
        Assert.Equal(users.Order(), cluster.Email.Jobs.Select(job => job.UserId).Order());
        await cluster.Closes(campaign.GetPrimaryKey());
    }
}
