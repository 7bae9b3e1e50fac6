using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;
using OrleansNotify.Users;

namespace OrleansNotify.Tests.DeadLetters;

public sealed class DeadLetterGrainTests(StoreFixture stores)
{
    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task A_letter_is_listed_without_its_variables_and_shown_whole(StoreKind kind)
    {
        await using var cluster = await stores.Cluster(kind);
        var listed = await cluster.Fail(await cluster.UserWith());

        Assert.Equal(("ann", "price_alert_triggered", Priority.Transactional, Channel.Email, "550", null),
            (listed.UserId, listed.TemplateName, listed.Priority, listed.Channel, listed.Reason, listed.TemplateVars));
        Assert.Equal((cluster.Clock.Start, MessageEventType.DeadLettered), (listed.CreatedAt, listed.Events[^1].Type));
        var whole = await cluster.Letters().Get(listed.Id);
        Assert.Equal(Given.Alert.TemplateVars.Json, whole!.TemplateVars!.Json);
        Assert.Equal(listed.FailedAt, whole.FailedAt);
        Assert.Null(await cluster.Letters().Get(listed.Id[..^1] + "7"));
        Assert.Null(await cluster.Letters().Get("x"));
        Assert.Equal(1, await cluster.Letters().Count(new() { UserId = "ann" }));
        Assert.Equal(1, Assert.Single((await cluster.Letters().Groups(new())).Items).Count);
    }

    [Fact]
    public async Task Pages_lead_from_one_to_the_next()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var letters = Enumerable.Range(0, 5).Select(i => LetterRig.Letter(afterMs: i)).Reverse().ToList();
        await cluster.Put(letters);

        var first = await cluster.Letters().List(new(), null, 3);
        var last = await cluster.Letters().List(new(), first.NextCursor, 300);

        Assert.Equal(letters.Select(letter => letter.Id), first.Items.Concat(last.Items).Select(letter => letter.MessageId));
        Assert.Null(last.NextCursor);
        Assert.Single((await cluster.Letters().List(new(), null, 0)).Items);
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task A_discarded_letter_stays_in_the_history_with_who_did_it(StoreKind kind)
    {
        await using var cluster = await stores.Cluster(kind);
        var user = await cluster.UserWith();
        var letter = await cluster.Fail(user);
        cluster.Clock.Advance(TimeSpan.FromDays(40));

        Assert.True(await cluster.Letters().Discard(letter.Id, "  \n"));
        Assert.False(await cluster.Letters().Discard(letter.Id, "eve"));

        Assert.Equal(0, await cluster.Letters().Count(new()));
        var message = await user.GetMessage(letter.MessageId);
        Assert.Equal((MessageStatus.DeadLettered, MessageEventType.Discarded, "unknown"), (message!.Status, message.Events[^1].Type, message.Events[^1].Detail));
        Assert.Equal(letter.Events.Length + 1, message.Events.Length);
        Assert.Equal(RedriveResult.AlreadyRedriven, await cluster.Letters().Redrive(letter.Id, "eve"));
        Assert.Single(cluster.Email.Jobs);
    }

    [Fact]
    public async Task Of_two_that_discard_and_redrive_at_once_one_finds_the_letter_gone()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        await cluster.UserWith();
        for (var i = 0; i < 10; i++)
        {
            var letter = LetterRig.Letter();
            await cluster.Put(letter);
            var user = cluster.Client.GetGrain<IUserDelivery>("ann");
            var (redriven, discarded) = (user.Redrive(letter.IdOf(), "a", bulk: false), user.Discard(letter.IdOf(), "b"));
            Assert.NotEqual(await redriven == RedriveResult.Redriven, await discarded);
        }
    }

    [Fact]
    public async Task A_letter_whose_message_is_still_on_its_way_is_only_taken_away()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded, room: 0);
        var user = await cluster.UserWith();
        var waiting = await user.Send(Given.Alert);
        var letter = LetterRig.Letter() with { Id = waiting.MessageId!.Value };
        await cluster.Put(letter);

        Assert.True(await cluster.Letters().Discard(letter.IdOf(), "ops"));

        Assert.Equal(MessageStatus.Waiting, Assert.Single((await user.ListMessages(null, 10)).Items).Status);
        Assert.Equal(0, await cluster.Redis.ListLengthAsync(cluster.Keys.History("ann")));
        Assert.Equal(0, await cluster.Letters().Count(new()));
        var late = cluster.Client.GetGrain<IUserDelivery>("ann");
        Assert.False(await late.Discard(letter.IdOf(), "ops"));
        Assert.Equal(RedriveResult.AlreadyRedriven, await late.Redrive(letter.IdOf(), "ops", bulk: true));
    }

    [Fact]
    public async Task What_cannot_be_asked_is_refused_by_its_field()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        var letters = cluster.Letters();
        DeadLetterFilter wrong = new() { UserId = "ann", Reason = "r" };
        Assert.StartsWith("user_id", (await Assert.ThrowsAsync<ArgumentException>(() => letters.List(wrong, null, 10))).Message, StringComparison.Ordinal);
        Assert.StartsWith("user_id", (await Assert.ThrowsAsync<ArgumentException>(() => letters.Groups(new() { UserId = "ann" }))).Message, StringComparison.Ordinal);
        Assert.StartsWith("user_id", (await Assert.ThrowsAsync<ArgumentException>(() => letters.Count(wrong))).Message, StringComparison.Ordinal);
        Assert.StartsWith("user_id", (await Assert.ThrowsAsync<ArgumentException>(() => letters.RedriveAll(wrong, "ops"))).Message, StringComparison.Ordinal);
        Assert.StartsWith("cursor", (await Assert.ThrowsAsync<ArgumentException>(() => letters.List(new(), "?", 10))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_errs_is_said_to_be_unavailable()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        await cluster.Redis.StringSetAsync(cluster.Keys.LettersOfAll, "broken");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => cluster.Letters().List(new(), null, 10));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => cluster.Letters().RedriveAll(new(), "ops"));
        Assert.Equal(0, await cluster.AgendaLength());
    }
}
