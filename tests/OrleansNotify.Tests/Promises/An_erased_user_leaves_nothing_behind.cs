using OrleansNotify.Campaigns;
using OrleansNotify.Delivery;
using OrleansNotify.Storage;
using OrleansNotify.Tests.Campaigns;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.DeadLetters;
using OrleansNotify.Tests.Stores;
using StackExchange.Redis;

namespace OrleansNotify.Tests.Promises;

public sealed class An_erased_user_leaves_nothing_behind(StoreFixture stores)
{
    private static readonly string Type = TestTemplates.Catalog.Find("daily_insight")!.Manifest.Type;

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task But_what_the_address_is_unsubscribed_from(StoreKind kind)
    {
        await using var cluster = await stores.Cluster(kind);
        var user = await Busy(cluster, "ann");

        Assert.Equal(EraseResult.Erased, await user.Erase());

        await IsGone(cluster, "ann");
        Assert.Equal(EraseResult.UnknownUser, await user.Erase());
        // The address in any case, and the chat; but nobody else, nor the id alone.
        await cluster.User("bob").SetUser(new UserUpdate { Email = Given.Email.ToUpperInvariant() });
        Assert.Equal([Type], (await cluster.User("bob").GetPreferences())!.UnsubscribedTypes);
        await cluster.User("eve").SetUser(new UserUpdate { TelegramChatId = Given.Chat });
        Assert.Equal([Type], (await cluster.User("eve").GetPreferences())!.UnsubscribedTypes);
        await user.SetUser(new UserUpdate { Email = "other@b.example" });
        Assert.Empty((await user.GetPreferences())!.UnsubscribedTypes);
        Assert.Empty((await user.ListMessages(null, 100)).Items);

        // Until somebody with the address wants it again.
        await cluster.User("bob").Subscribe(Type);
        await cluster.User("joe").SetUser(new UserUpdate { Email = Given.Email });
        Assert.Empty((await cluster.User("joe").GetPreferences())!.UnsubscribedTypes);
        await cluster.User("eve").Prefers(new Preferences());
        await cluster.User("sue").SetUser(new UserUpdate { TelegramChatId = Given.Chat });
        Assert.Empty((await cluster.User("sue").GetPreferences())!.UnsubscribedTypes);
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task Once_what_is_being_sent_has_ended(StoreKind kind)
    {
        await using var cluster = await stores.Cluster(kind);
        var user = await cluster.UserWith();
        var answer = cluster.Email.Hang();
        var running = (await user.Send(Given.Alert)).MessageId!.Value;
        await Eventually.True(() => cluster.Email.Jobs.Count == 1);
        await user.Send(Given.Alert with { SendAt = cluster.Clock.GetUtcNow().AddHours(1) });

        Assert.Equal(EraseResult.Sending, await user.Erase());
        Assert.Equal(EraseResult.Sending, await user.Erase());

        // Unknown already, and not to be made anew before that is done.
        Assert.Null(await user.GetUser());
        Assert.Null(await user.GetMessage(running));
        Assert.Empty((await user.ListMessages(null, 10)).Items);
        Assert.Equal(Reasons.UnknownUser, (await user.Send(Given.Alert)).Reason);
        Assert.True((await user.SetUser(new UserUpdate { Email = Given.Email })).Erasing);
        Assert.True((await user.SetPreferences(new Preferences())).Erasing);
        Assert.True((await user.AddPushSubscription(Devices.At("https://fcm.googleapis.com/1"))).Erasing);
        Assert.False(await user.Unsubscribe(Type));
        Assert.False(await user.Subscribe(Type));

        answer.SetResult(Outcomes.Of(OutcomeKind.AddressGone, "5.1.1", Given.Email));
        await Eventually.True(async () => (await user.SetUser(new UserUpdate())).Succeeded);
        Assert.Empty((await user.ListMessages(null, 10)).Items);
        Assert.Single(cluster.Email.Jobs);
    }

    [Fact]
    public async Task Though_its_silo_dies_while_something_is_being_sent()
    {
        var store = await stores.Get(StoreKind.Embedded);
        string serviceId;
        await using (var cluster = await NotifyCluster.Start(store))
        {
            serviceId = cluster.ServiceId;
            var user = await cluster.UserWith();
            cluster.Email.Hang();
            await user.Send(Given.Alert);
            await Eventually.True(() => cluster.Email.Jobs.Count == 1);
            Assert.Equal(EraseResult.Sending, await user.Erase());
            cluster.Store().OnCommit = _ => new Fault();
        }

        await using var again = await NotifyCluster.Start(store, serviceId: serviceId);
        await GoesOn(again, "ann");
        Assert.Empty(again.Email.Jobs);
    }

    /// <summary>Each commit of an erasure is cut after each of its writes: it goes on by itself, or, where it had not begun, when it is asked for again.</summary>
    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task Wherever_it_is_cut(StoreKind kind)
    {
        await using var cluster = await stores.Cluster(kind);
        var (which, cases) = (0, 0);
        for (var isCut = true; isCut; which++)
        {
            var writes = 1;
            for (var kept = 0; kept <= writes && isCut; kept++, cases++)
            {
                var name = $"u{which}-{kept}";
                var user = await Busy(cluster, name);
                var (seen, cut) = (0, false);
                cluster.Store().OnCommit = commit =>
                {
                    if (!((string)commit.Outbox!).Contains(name, StringComparison.Ordinal) || seen++ != which) return null;
                    (cut, writes) = (true, commit.Writes.Count);
                    return new Fault(AfterWrites: kept);
                };
                var asked = await Try(() => user.Erase());
                Assert.NotEqual(cut, asked);
                isCut = cut;
                cluster.Store().OnCommit = _ => null;
                cluster.Clock.Advance(TimeSpan.FromSeconds(1));
                if (await user.GetUser() is not null) Assert.Equal(EraseResult.Erased, await user.Erase());
                await GoesOn(cluster, name);
                await IsGone(cluster, name);
            }
        }

        Assert.InRange(cases, 10, 60);
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task Only_once_it_has_begun(StoreKind kind)
    {
        await using var cluster = await stores.Cluster(kind);
        var user = await cluster.UserWith();
        var sent = (await user.Send(Given.Alert)).MessageId;
        await user.Until(sent, MessageStatus.Sent);
        // The profile cannot be written: whoever asked is told, and nothing comes back to it.
        cluster.Store().OnCommit = commit => commit.Writes.Any(write => write.Stage == WriteStage.Agenda) ? new Fault(AfterWrites: commit.Writes.Count) : null;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => user.Erase());
        cluster.Store().OnCommit = _ => null;
        Assert.NotEqual(0, await cluster.AgendaLength());

        await Eventually.True(async () =>
        {
            cluster.Clock.Advance(TimeSpan.FromSeconds(5));
            return await cluster.AgendaLength() == 0;
        });

        Assert.Equal(MessageStatus.Sent, (await user.GetMessage(sent!.Value))!.Status);
        Assert.Equal(Given.Email, (await user.GetUser())!.Email);
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task And_no_name_in_campaigns_whose_sums_go_on_adding_up(StoreKind kind)
    {
        await using var cluster = await stores.Cluster(kind);
        var users = await cluster.Users(6);
        var done = cluster.Campaign();
        await done.Start(Audience.Insight, users);
        await cluster.Until(done, view => view.Status == CampaignStatus.Done, TimeSpan.FromSeconds(1));
        var later = cluster.Campaign();
        await later.Start(Audience.Insight with { StartAt = cluster.Clock.GetUtcNow().AddMinutes(5) }, users);
        var uploading = cluster.Campaign();
        var begun = await uploading.Begin(Audience.Insight);
        Assert.True(await uploading.Add(begun.Upload, Audience.Of(users), []));
        var asked = (await cluster.User("u3").Export())!.Campaigns.ToDictionary(each => each.CampaignId);
        Assert.Equal((3, "sent:email", null), (asked.Count, asked[done.GetPrimaryKey()].State, asked[done.GetPrimaryKey()].TemplateVars));
        Assert.Equal(("new", Given.Insight.TemplateVars.Json), (asked[later.GetPrimaryKey()].State, asked[later.GetPrimaryKey()].TemplateVars!.Json));

        foreach (var user in new[] { "u3", "u4" }) Assert.Equal(EraseResult.Erased, await cluster.User(user).Erase());

        Assert.Equal(6, (await uploading.Complete(begun.Upload))!.Queued);
        foreach (var campaign in new[] { later, uploading })
        {
            var end = await cluster.Until(campaign, view => view.Status == CampaignStatus.Done, TimeSpan.FromSeconds(5));
            Assert.Equal((6, 4, 2), (end.Targeted, end.Sent, end.SkippedByReason[Reasons.UnknownUser]));
        }

        foreach (var campaign in new[] { done, later })
        {
            var states = await cluster.StatesOf(campaign.GetPrimaryKey());
            Assert.Equal(6, states.Count);
            Assert.Equal(2, states.Keys.Count(name => name.StartsWith("erased-", StringComparison.Ordinal)));
            var counts = await cluster.Redis.HashGetAllAsync(cluster.Keys.CampaignCounts(campaign.GetPrimaryKey()));
            Assert.Equal(states.Values.CountBy(state => state).Select(each => (each.Key, (long)each.Value)).Order(), counts.Where(count => count.Value != 0).Select(count => ((string)count.Name!, (long)count.Value)).Order());
            Assert.Equal(
                states.Select(each => $"{each.Value} {each.Key}").Order(StringComparer.Ordinal),
                (await cluster.Redis.SortedSetRangeByRankAsync(cluster.Keys.CampaignStates(campaign.GetPrimaryKey()))).Select(entry => (string)entry!));
        }
    }

    [Theory, InlineData("u7"), InlineData("u150"), InlineData("u249")]
    public async Task In_whichever_block_of_an_audience_and_when_that_is_gone(string who)
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);
        await cluster.UserWith(who);
        string[] users = [.. Enumerable.Range(0, 250).Select(i => $"u{i}")];
        var campaign = cluster.Campaign();
        await campaign.Start(Audience.Insight with { StartAt = cluster.Clock.GetUtcNow().AddMinutes(5) }, users);
        Assert.NotNull((await cluster.User(who).Export())!.Campaigns.Single().TemplateVars);

        Assert.Equal(EraseResult.Erased, await cluster.User(who).Erase());

        var rows = cluster.Service<CampaignRows>();
        Assert.Null(await rows.VarsOf(campaign.GetPrimaryKey(), who));
        Assert.Empty(await rows.Of(who));
        Assert.Equal(249, (await cluster.StatesOf(campaign.GetPrimaryKey())).Keys.Count(name => name.StartsWith('u')));
        Assert.Null(await rows.VarsOf(Guid.NewGuid(), who));
    }

    [Fact]
    public async Task Two_of_one_block_at_a_time_do_not_undo_each_other()
    {
        await using var cluster = await stores.Cluster(StoreKind.Redis);
        var users = await cluster.Users(20);
        var campaign = cluster.Campaign();
        await campaign.Start(Audience.Insight with { StartAt = cluster.Clock.GetUtcNow().AddMinutes(5) }, users);

        await Task.WhenAll(users.Take(10).Select(user => cluster.User(user).Erase()));

        var end = await cluster.Until(campaign, view => view.Status == CampaignStatus.Done, TimeSpan.FromSeconds(5));
        Assert.Equal((10, 10), (end.Sent, end.SkippedByReason[Reasons.UnknownUser]));
        Assert.Equal(users.Skip(10).Order(), cluster.Email.Jobs.Select(job => job.UserId).Order());
    }

    /// <summary>A user of whom each kind of record is kept.</summary>
    private static async Task<IUserGrain> Busy(NotifyCluster cluster, string id)
    {
        var user = cluster.User(id);
        await user.SetUser(new UserUpdate { Email = Given.Email, TelegramChatId = Given.Chat });
        await user.Unsubscribe(Type);
        await cluster.AddDevice(id, "https://fcm.googleapis.com/1");
        await user.Until((await user.Send(Given.Alert with { IdempotencyKey = "k" })).MessageId, MessageStatus.Sent);
        await cluster.Put(LetterRig.Letter(id), LetterRig.Letter(id, afterMs: 5));
        await user.Send(Given.Alert with { SendAt = cluster.Clock.GetUtcNow().AddHours(1) });
        Assert.Equal(ReceiptStatus.Skipped, (await user.Send(Given.Insight)).Status);
        Assert.Equal(5, (await user.ListMessages(null, 100)).Items.Length);
        return user;
    }

    private static async Task<bool> Try(Func<Task> act)
    {
        try
        {
            await act();
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }

    // By the agenda alone.
    private static async Task GoesOn(NotifyCluster cluster, string id) => await Eventually.True(async () =>
    {
        cluster.Clock.Advance(TimeSpan.FromSeconds(5));
        return (await ProfileKeys(cluster, id)).Length == 0 && await cluster.AgendaLength() == 0;
    });

    private static async Task<string[]> ProfileKeys(NotifyCluster cluster, string id) =>
        [.. ((string[])(await cluster.Redis.ExecuteAsync("KEYS", $"{cluster.ServiceId}/state/*{id}*"))!)];

    private static async Task IsGone(NotifyCluster cluster, string id)
    {
        Assert.Null(await cluster.User(id).GetUser());
        Assert.Empty((await cluster.User(id).ListMessages(null, 100)).Items);
        Assert.Empty((await cluster.Letters().List(new DeadLetterFilter { UserId = id }, null, 100)).Items);
        Assert.DoesNotContain((await cluster.Letters().List(new DeadLetterFilter(), null, 100)).Items, letter => letter.UserId == id);
        Assert.Equal(0, await cluster.AgendaLength());
        // What bears the user's name: a number without anything, for a minute.
        var outbox = cluster.Keys.Outbox(id);
        Assert.All((string[])(await cluster.Redis.ExecuteAsync("KEYS", $"{cluster.ServiceId}/*{id}*"))!, key => Assert.Equal((string)outbox!, key));
        Assert.All(await cluster.Redis.HashGetAllAsync(outbox), field => Assert.Equal("v", field.Name));
        if (await cluster.Redis.KeyExistsAsync(outbox)) Assert.True(await cluster.Redis.KeyTimeToLiveAsync(outbox) <= TimeSpan.FromMinutes(1));
    }
}
