using OrleansNotify.DeadLetters;
using OrleansNotify.Storage;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.DeadLetters;

public sealed class RedriveGrainTests(StoreFixture stores)
{
    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task A_job_redrives_what_its_filter_takes_in_the_campaign_lane(StoreKind kind)
    {
        await using var cluster = await stores.Cluster(kind, room: 0);
        await cluster.UserWith();
        await cluster.UserWith("bob");
        await cluster.Put(LetterRig.Letter(), LetterRig.Letter("bob"), LetterRig.Letter(reason: "other"));

        var job = await cluster.Letters().RedriveAll(new() { Reason = "timeout" }, "ops");
        Assert.Equal((2, 2, RedriveStatus.Running, "ops"), (job.Total, job.Remaining, job.Status, job.By));
        await cluster.UntilDone(job.RedriveId);

        Assert.Equal(0, (await cluster.Letters().GetRedrive(job.RedriveId))!.Remaining);
        Assert.Equal(1, await cluster.Letters().Count(new()));
        Assert.Equal(2, await cluster.Redis.SortedSetLengthAsync(cluster.Keys.Lane(Channel.Email, Priority.Campaign)));
        Assert.Equal(2, await cluster.AgendaLength());
        var message = Assert.Single((await cluster.User("bob").ListMessages(null, 10)).Items);
        Assert.Equal((Priority.Transactional, "ops"), (message.Priority, message.Events[^2].Detail));
    }

    [Fact]
    public async Task Entries_of_jobs_that_are_done_or_never_were_are_taken_away()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        Assert.Null(await cluster.Letters().GetRedrive(Guid.Empty));
        var job = await cluster.Letters().RedriveAll(new(), "ops");
        await cluster.UntilDone(job.RedriveId);
        var shard = cluster.Keys.Agenda(Keys.ShardOf(RedriveGrain.AgendaOwner));
        foreach (var id in new[] { job.RedriveId, Guid.Empty })
            await cluster.Redis.SortedSetAddAsync(shard, new MessageKey(RedriveGrain.AgendaOwner, id).Format(), 1);

        await Eventually.True(async () =>
        {
            cluster.Clock.Advance(TimeSpan.FromSeconds(1));
            return await cluster.AgendaLength() == 0;
        });
    }

    [Fact]
    public async Task A_user_that_fails_is_come_back_to_and_holds_up_no_other()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        await cluster.UserWith();
        await cluster.UserWith("bob");
        await cluster.Put(LetterRig.Letter(), LetterRig.Letter("bob"));
        cluster.Store().OnCommit = commit => commit.Outbox == cluster.Keys.Outbox("ann") ? new Fault() : null;

        var job = await cluster.Letters().RedriveAll(new(), "ops");
        await Eventually.True(async () => (await cluster.Letters().GetRedrive(job.RedriveId))!.Remaining == 1);
        cluster.Store().OnCommit = _ => null;

        await cluster.UntilDone(job.RedriveId);
        Assert.Equal(0, await cluster.Letters().Count(new()));
    }

    [Fact]
    public async Task A_store_that_errs_is_come_back_to()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        await cluster.UserWith();
        await cluster.Put(LetterRig.Letter());
        cluster.Store().OnCommit = _ => new Fault();
        cluster.Store().Commits.Clear();
        var job = await cluster.Letters().RedriveAll(new(), "ops");
        await Eventually.True(() => cluster.Store().Commits.Count > 0);
        await cluster.Redis.KeyRenameAsync(cluster.Keys.LettersOfAll, "kept");
        await cluster.Redis.StringSetAsync(cluster.Keys.LettersOfAll, "broken");
        cluster.Store().OnCommit = _ => null;
        await IsWoken(cluster, job.RedriveId);
        await IsWoken(cluster, job.RedriveId);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => cluster.Letters().GetRedrive(job.RedriveId));

        await cluster.Redis.KeyRenameAsync("kept", cluster.Keys.LettersOfAll);

        await cluster.UntilDone(job.RedriveId);
        Assert.Equal(0, await cluster.Letters().Count(new()));
    }

    [Fact]
    public async Task A_job_that_cannot_be_read_is_said_to_be_unavailable()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var key = $"{cluster.ServiceId}/state/redrive/{Guid.Empty:N}/redrive";
        await cluster.Redis.StringSetAsync(key, "broken");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => cluster.Letters().GetRedrive(Guid.Empty));

        await cluster.Redis.KeyDeleteAsync(key);
        Assert.Null(await cluster.Letters().GetRedrive(Guid.Empty));
        await cluster.Redis.StringSetAsync(key, "broken");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => cluster.Client.GetGrain<IRedriveGrain>(Guid.Empty).Start(new(), "ops"));
    }

    // The agenda pushes ahead what it takes.
    private static async Task IsWoken(NotifyCluster cluster, Guid job)
    {
        var (shard, entry) = (cluster.Keys.Agenda(Keys.ShardOf(RedriveGrain.AgendaOwner)), new MessageKey(RedriveGrain.AgendaOwner, job).Format());
        var before = await cluster.Redis.SortedSetScoreAsync(shard, entry);
        await Eventually.True(async () =>
        {
            cluster.Clock.Advance(TimeSpan.FromSeconds(1));
            return await cluster.Redis.SortedSetScoreAsync(shard, entry) > before;
        });
    }
}
