using System.Collections.Concurrent;
using OrleansNotify.Delivery;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.DeadLetters;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.Promises;

public sealed class A_redrive_job_survives_its_silo(StoreFixture stores)
{
    private const int Users = 25, LettersEach = 10;

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task Killed_in_the_middle_it_goes_on_and_redrives_each_letter_once(StoreKind kind)
    {
        var store = await stores.Get(kind);
        string serviceId;
        Guid job;
        var letters = Enumerable.Range(0, Users * LettersEach).Select(i => LetterRig.Letter($"u{i % Users}", afterMs: -i / 3)).ToList();
        await using (var cluster = await NotifyCluster.Start(store))
        {
            serviceId = cluster.ServiceId;
            for (var i = 0; i < Users; i++) await cluster.UserWith($"u{i}");
            await cluster.Put(letters);
            var commits = 0;
            // The store is gone in the middle of the second batch, and so is the silo.
            cluster.Store().OnCommit = _ => Interlocked.Increment(ref commits) > 250 ? new Fault() : null;
            job = (await cluster.Letters().RedriveAll(new(), "ops")).RedriveId;
            await Eventually.True(() => commits > 250);
            await cluster.Inner.Silos.KillSiloAsync(cluster.Inner.Silos.Silos[0], TestContext.Current.CancellationToken);
        }

        await using var again = await NotifyCluster.Start(store, serviceId: serviceId);
        Assert.InRange((await again.Letters().GetRedrive(job))!.Remaining, 1, letters.Count - 1);
        await again.UntilDone(job);
        ConcurrentBag<MessageView> messages = [];
        await Eventually.True(async () =>
        {
            again.Clock.Advance(TimeSpan.FromSeconds(1));
            return await again.AgendaLength() == 0;
        });
        foreach (var letter in letters) messages.Add((await again.User(letter.UserId).GetMessage(letter.Id))!);

        Assert.All(messages, message => Assert.Equal((MessageStatus.Sent, 1), (message.Status, message.CountOf(MessageEventType.Redriven))));
        Assert.Equal((letters.Count, 0), ((await again.Letters().GetRedrive(job))!.Total, (await again.Letters().GetRedrive(job))!.Remaining));
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task It_leaves_letters_alone_that_are_younger_than_itself(StoreKind kind)
    {
        await using var cluster = await stores.Cluster(kind);
        var user = await cluster.UserWith();
        cluster.Email.Answers(Outcomes.Of(OutcomeKind.Rejected, "550"));
        var younger = LetterRig.Letter(afterMs: 1);
        var older = Enumerable.Range(0, 20).Select(i => LetterRig.Letter(afterMs: -i)).ToList();
        await cluster.Put([younger, .. older]);

        var job = await cluster.Letters().RedriveAll(new() { Channel = Channel.Email }, "ops");
        await cluster.UntilDone(job.RedriveId);
        await Eventually.True(async () =>
        {
            cluster.Clock.Advance(TimeSpan.FromSeconds(1));
            return await cluster.Letters().Count(new()) == older.Count + 1;
        });

        Assert.Equal(older.Count, job.Total);
        Assert.NotNull(await cluster.Letters().Get(younger.IdOf()));
        foreach (var letter in older) Assert.Equal(1, (await user.GetMessage(letter.Id))!.CountOf(MessageEventType.Redriven));
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task It_comes_back_to_what_a_full_outbox_left(StoreKind kind)
    {
        await using var cluster = await stores.Cluster(kind);
        var user = await cluster.UserWith();
        await cluster.UserWith("bob");
        var (mine, bobs) = (LetterRig.Letter(), LetterRig.Letter("bob"));
        await cluster.Put(mine, bobs);
        var waiting = await Fill(cluster, user);
        Assert.Equal(RedriveResult.OutboxFull, await cluster.Letters().Redrive(mine.IdOf(), "ops"));

        var job = await cluster.Letters().RedriveAll(new(), "ops");
        await cluster.User("bob").Until(bobs.Id, MessageStatus.Sent);
        for (var i = 0; i < 70; i++) cluster.Clock.Advance(TimeSpan.FromSeconds(1));
        var view = (await cluster.Letters().GetRedrive(job.RedriveId))!;
        Assert.Equal((RedriveStatus.Running, 2, 1), (view.Status, view.Total, view.Remaining));

        foreach (var message in waiting) Assert.Equal(CancelResult.Cancelled, await user.Cancel(message));
        await cluster.UntilDone(job.RedriveId);
        await user.Until(mine.Id, MessageStatus.Sent);
        Assert.Equal(0, await cluster.Letters().Count(new()));
    }

    private static async Task<List<Guid>> Fill(NotifyCluster cluster, IUserGrain user)
    {
        var vars = Given.Alert.TemplateVars.Json.Replace("{", $$"""{"note":"{{new string('x', 15_000)}}",""", StringComparison.Ordinal);
        var request = Given.Alert with { TemplateVars = TemplateVars.Parse(vars), SendAt = cluster.Clock.GetUtcNow().AddDays(1) };
        List<Guid> waiting = [];
        while (await user.Send(request) is { Status: ReceiptStatus.Deferred } receipt) waiting.Add(receipt.MessageId!.Value);
        request = Given.Alert with { SendAt = request.SendAt };
        while (await user.Send(request) is { Status: ReceiptStatus.Deferred } receipt) waiting.Add(receipt.MessageId!.Value);
        return waiting;
    }
}
