using OrleansNotify.Delivery;
using OrleansNotify.Storage;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.DeadLetters;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.Promises;

public sealed class A_letter_is_redriven_once(StoreFixture stores)
{
    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task Whoever_comes_second_sends_nothing_and_the_timeline_is_kept(StoreKind kind)
    {
        await using var cluster = await stores.Cluster(kind);
        var user = await cluster.UserWith();
        var letter = await cluster.Fail(user);

        var results = await Task.WhenAll(cluster.Letters().Redrive(letter.Id, "ann-ops"), cluster.Letters().Redrive(letter.Id, "bob-ops"));
        await user.Until(letter.MessageId, MessageStatus.Sent);

        Assert.Equal([RedriveResult.Redriven, RedriveResult.AlreadyRedriven], results.Order());
        Assert.Equal(RedriveResult.AlreadyRedriven, await cluster.Letters().Redrive(letter.Id, "eve"));
        Assert.Equal([letter.MessageId, letter.MessageId], cluster.Email.Messages);
        var events = (await user.GetMessage(letter.MessageId))!.Events;
        Assert.Equal(letter.Events, events.Take(letter.Events.Length));
        var who = Assert.Single(events, e => e.Type == MessageEventType.Redriven).Detail;
        Assert.Equal(results[0] == RedriveResult.Redriven ? "ann-ops" : "bob-ops", who);
        Assert.Equal(0, await cluster.Letters().Count(new()));
        Assert.Equal(0, await cluster.AgendaLength());
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task One_that_fails_again_makes_a_letter_of_its_own(StoreKind kind)
    {
        await using var cluster = await stores.Cluster(kind);
        var user = await cluster.UserWith();
        var first = await cluster.Fail(user);
        cluster.Email.Answers(Outcomes.Of(OutcomeKind.Rejected, "551"));

        Assert.Equal(RedriveResult.Redriven, await cluster.Letters().Redrive(first.Id, "ops"));
        await user.Until(first.MessageId, MessageStatus.DeadLettered);

        var second = Assert.Single((await cluster.Letters().List(new(), null, 10)).Items);
        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal((first.MessageId, "551"), (second.MessageId, second.Reason));
        Assert.Equal(["551"], (await cluster.Letters().Groups(new())).Items.Select(group => group.Reason));
        Assert.Equal(RedriveResult.AlreadyRedriven, await cluster.Letters().Redrive(first.Id, "ops"));
        Assert.Equal(2, cluster.Email.Jobs.Count);

        cluster.Email.Answers(Outcomes.Sent);
        Assert.Equal(RedriveResult.Redriven, await cluster.Letters().Redrive(second.Id, "ops"));
        var message = await user.Until(first.MessageId, MessageStatus.Sent);
        Assert.Equal((2, 2, 3), (message.CountOf(MessageEventType.DeadLettered), message.CountOf(MessageEventType.Redriven), message.CountOf(MessageEventType.Attempt)));
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task Also_through_two_activations_of_its_user(StoreKind kind)
    {
        var store = await stores.Get(kind);
        await using var one = await NotifyCluster.Start(store);
        await using var two = await NotifyCluster.Start(store, serviceId: one.ServiceId, clock: one.Clock);
        var user = await one.UserWith();
        Assert.NotNull(await two.User("ann").GetUser());
        var letter = await one.Fail(user);

        var results = await Task.WhenAll(one.Letters().Redrive(letter.Id, "a"), two.Letters().Redrive(letter.Id, "b"));
        await Eventually.True(async () => await one.Redis.ListLengthAsync(one.Keys.History("ann")) == 1);

        Assert.Equal([RedriveResult.Redriven, RedriveResult.AlreadyRedriven], results.Order());
        Assert.Equal(2, one.Email.Jobs.Count + two.Email.Jobs.Count);
    }

    /// <summary>As a store leaves a commit that logs each write by itself; then the letter is redriven again.</summary>
    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task Whatever_part_of_the_commit_was_kept(StoreKind kind)
    {
        var writes = 1;
        for (var kept = 0; kept <= writes; kept++)
        {
            await using var cluster = await stores.Cluster(kind);
            var user = await cluster.UserWith();
            var letter = await cluster.Fail(user);
            Commit? cut = null;
            cluster.Store().OnCommit = commit => Interlocked.CompareExchange(ref cut, commit, null) is null ? new Fault(AfterWrites: kept) : null;

            await Assert.ThrowsAsync<StoreUnavailableException>(() => cluster.Letters().Redrive(letter.Id, "ops"));
            writes = cut!.Writes.Count;
            await cluster.Letters().Redrive(letter.Id, "ops");
            await Settles(cluster);

            Assert.Equal(RedriveResult.AlreadyRedriven, await cluster.Letters().Redrive(letter.Id, "ops"));
            Assert.Equal(MessageStatus.Sent, (await user.GetMessage(letter.MessageId))!.Status);
            Assert.True(cluster.Email.Jobs.Count == 2, $"it was sent {cluster.Email.Jobs.Count - 1} times when {kept} writes were kept");
            await NothingIsLeft(cluster);
        }
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task Also_when_it_is_found_again_only_after_its_message_has_settled(StoreKind kind)
    {
        foreach (var outcome in new[] { OutcomeKind.Sent, OutcomeKind.Rejected })
        {
            await using var cluster = await stores.Cluster(kind);
            var user = await cluster.UserWith();
            var letter = await cluster.Fail(user);
            Commit? cut = null;
            cluster.Store().OnCommit = commit => Interlocked.CompareExchange(ref cut, commit, null) is null
                ? new Fault(AfterWrites: commit.Writes.Count(write => write.Stage != WriteStage.Removal))
                : null;
            cluster.Email.Answers(Outcomes.Of(outcome));
            await Assert.ThrowsAsync<StoreUnavailableException>(() => cluster.Letters().Redrive(letter.Id, "ops"));
            Assert.Equal(1, await cluster.Redis.HashLengthAsync(cluster.Keys.Letters));

            await Settles(cluster);

            Assert.Equal(RedriveResult.AlreadyRedriven, await cluster.Letters().Redrive(letter.Id, "ops"));
            Assert.Equal(2, cluster.Email.Jobs.Count);
            Assert.Equal(outcome == OutcomeKind.Sent ? 0 : 1, await cluster.Letters().Count(new()));
        }
    }

    private static Task Settles(NotifyCluster cluster) => Eventually.True(async () =>
    {
        cluster.Clock.Advance(TimeSpan.FromSeconds(1));
        return await cluster.AgendaLength() == 0;
    });

    private static async Task NothingIsLeft(NotifyCluster cluster)
    {
        foreach (var filter in new DeadLetterFilter[] { new(), new() { UserId = "ann" }, new() { Channel = Channel.Email } })
        {
            Assert.Empty((await cluster.Letters().List(filter, null, 10)).Items);
            Assert.Equal(0, await cluster.Letters().Count(filter));
        }
    }
}
