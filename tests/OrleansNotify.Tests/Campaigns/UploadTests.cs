using System.Collections.Immutable;
using OrleansNotify.Campaigns;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.Campaigns;

public sealed class UploadTests(StoreFixture stores)
{
    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task A_wrong_line_fails_that_line(StoreKind kind)
    {
        await using var cluster = await stores.Cluster(kind);
        var campaign = cluster.Campaign();
        var upload = (await campaign.Begin(Audience.Insight)).Upload;
        var lines = Audience.Of("ann", "b b", "bob", "ann", "eve");

        Assert.True(await campaign.Add(upload, [.. lines.Take(4), lines[4] with { Vars = TemplateVars.Empty }], [new(9, "not JSON")]));
        Assert.True(await campaign.Add(upload, Audience.Of("bob"), []));
        var receipt = (await campaign.Complete(upload))!;

        Assert.Equal((2, 5), (receipt.Queued, receipt.Failed));
        Assert.Equal([2, 4, 5, 9, 1], receipt.Errors.Select(error => error.Line));
        Assert.Equal(CampaignRules.Duplicate, receipt.Errors[1].Reason);
        Assert.Equal("not JSON", receipt.Errors[3].Reason);
        Assert.Equal(CampaignRules.Duplicate, receipt.Errors[4].Reason);
    }

    [Fact]
    public async Task Wrong_settings_begin_nothing()
    {
        await using var cluster = await stores.Cluster(StoreKind.Embedded);

        Assert.Equal(["batch_size"], (await cluster.Campaign().Begin(Audience.Insight with { BatchSize = 0 })).Errors.Keys);
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task Nothing_starts_before_it_is_whole_and_a_later_upload_ends_an_earlier_one(StoreKind kind)
    {
        await using var cluster = await stores.Cluster(kind);
        var users = await cluster.Users(250);
        var campaign = cluster.Campaign();
        var first = (await campaign.Begin(Audience.Insight)).Upload;
        Assert.True(await campaign.Add(first, Audience.Of(users), []));
        Assert.Equal((CampaignStatus.Uploading, 0), ((await campaign.Get())!.Status, (await campaign.Get())!.Targeted));
        Assert.Equal(CampaignStatus.Uploading, (await campaign.Pause())!.Status);
        var id = campaign.GetPrimaryKey();
        foreach (var key in new[] { cluster.Keys.Campaign(id), cluster.Keys.CampaignRecipients(id), cluster.Keys.CampaignStates(id), cluster.Keys.CampaignAudience(id) })
            Assert.InRange((await cluster.Redis.KeyTimeToLiveAsync(key))!.Value, TimeSpan.FromHours(23), TimeSpan.FromDays(1));

        var second = (await campaign.Begin(Audience.Insight)).Upload;
        Assert.False(await campaign.Add(first, Audience.Of(users), []));
        Assert.Null(await campaign.Complete(first));
        Assert.False(await campaign.Add(second, Audience.Of(Enumerable.Repeat("u0", ICampaignGrain.MostInOneCall + 1)), []));
        Assert.Null(await campaign.Complete(second));
        Assert.True(await campaign.Add(second, Audience.Of(users[..3]), []));
        var receipt = (await campaign.Complete(second))!;

        Assert.Equal((3, 0), (receipt.Queued, receipt.Failed));
        Assert.Equivalent(receipt, await campaign.Complete(second));
        Assert.Equivalent(receipt, (await campaign.Begin(Audience.Insight)).Receipt);
        Assert.False(await campaign.Add(second, Audience.Of("u9"), []));
        Assert.Null(await campaign.Complete(first));
        await cluster.Until(campaign, view => view is { Status: CampaignStatus.Done, Sent: 3 });
        Assert.Null((await campaign.Begin(Audience.Insight)).Receipt!.Errors.FirstOrDefault());
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task An_audience_without_a_right_line_begins_nothing_and_leaves_its_id_free(StoreKind kind)
    {
        await using var cluster = await stores.Cluster(kind);
        var campaign = cluster.Campaign();

        var wrong = await campaign.Start(Audience.Insight, "a b");
        var empty = (await campaign.Begin(Audience.Insight)).Upload;

        Assert.Equal((0, 1), (wrong.Queued, wrong.Failed));
        Assert.StartsWith("user_id: ", wrong.Errors[0].Reason, StringComparison.Ordinal);
        Assert.Null(await campaign.Complete(empty));
        Assert.Null(await campaign.Get());
        await cluster.HoldsNothingOf(campaign);
        Assert.Equal(2, (await campaign.Start(Audience.Insight, await cluster.Users(2))).Queued);
        await cluster.Until(campaign, view => view is { Status: CampaignStatus.Done, Sent: 2 });
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task One_that_is_given_up_or_followed_by_a_wrong_one_leaves_nothing(StoreKind kind)
    {
        await using var cluster = await stores.Cluster(kind);
        var campaign = cluster.Campaign();
        var upload = (await campaign.Begin(Audience.Insight)).Upload;
        Assert.True(await campaign.Add(upload, Audience.Of(await cluster.Users(150)), []));
        Assert.NotNull(await campaign.Get());

        await campaign.Abandon(upload - 1);
        Assert.NotNull(await campaign.Get());
        await campaign.Abandon(upload);
        await cluster.HoldsNothingOf(campaign);
        Assert.False(await campaign.Add(upload, Audience.Of("u1"), []));

        upload = (await campaign.Begin(Audience.Insight)).Upload;
        Assert.True(await campaign.Add(upload, Audience.Of("u1"), []));
        Assert.Equal(0, (await campaign.Start(Audience.Insight, "a b")).Queued);
        await cluster.HoldsNothingOf(campaign);
        Assert.Equal(1, (await campaign.Start(Audience.Insight, "u1")).Queued);
        await campaign.Abandon(upload);
        await cluster.Until(campaign, view => view is { Status: CampaignStatus.Done, Sent: 1 });
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task One_of_which_most_is_wrong_is_not_gone_on_with_and_not_kept(StoreKind kind)
    {
        await using var cluster = await stores.Cluster(kind);
        var campaign = cluster.Campaign();
        var upload = (await campaign.Begin(Audience.Insight)).Upload;
        var wrong = Enumerable.Range(0, 500).Select(line => new CampaignLineError(line + 1, "wrong")).ToImmutableArray();

        Assert.True(await campaign.Add(upload, Audience.Of(await cluster.Users(120)), wrong));
        Assert.True(await campaign.Add(upload, [], wrong));
        Assert.False(await campaign.Add(upload, Audience.Of("u1"), []));
        Assert.False(await campaign.Add(upload, Audience.Of("right"), []));

        Assert.Equal((0, 1001, 100), await campaign.Complete(upload) is { } told ? (told.Queued, told.Failed, told.Errors.Length) : default);
        await cluster.HoldsNothingOf(campaign);
        Assert.Equal(1, (await campaign.Start(Audience.Insight, "u1")).Queued);
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task A_cancel_in_the_middle_leaves_nothing(StoreKind kind)
    {
        await using var cluster = await stores.Cluster(kind);
        var users = await cluster.Users(150);
        var campaign = cluster.Campaign();
        var upload = (await campaign.Begin(Audience.Insight)).Upload;
        Assert.True(await campaign.Add(upload, Audience.Of(users), []));

        var cancelled = (await campaign.Cancel())!;

        Assert.Equal((CampaignStatus.Cancelled, 0), (cancelled.Status, cancelled.Targeted));
        Assert.False(await campaign.Add(upload, Audience.Of("u1"), []));
        Assert.Equal(0, (await campaign.Complete(upload))!.Queued);
        foreach (var key in new[] { cluster.Keys.CampaignRecipients(campaign.GetPrimaryKey()), cluster.Keys.CampaignAudience(campaign.GetPrimaryKey()) })
            Assert.False(await cluster.Redis.KeyExistsAsync(key));
        // It is over, and listed as long as one that was whole.
        await Eventually.True(async () =>
        {
            cluster.Clock.Advance(TimeSpan.FromSeconds(1));
            return (await cluster.Redis.KeyTimeToLiveAsync(cluster.Keys.Campaign(campaign.GetPrimaryKey())))?.TotalDays > 29;
        });
    }

    /// <summary>Of a second activation, or of a store that did not answer: the upload is begun anew, and nobody of the one before is left.</summary>
    [Theory]
    [InlineData(StoreKind.Embedded, false)]
    [InlineData(StoreKind.Embedded, true)]
    [InlineData(StoreKind.Redis, false)]
    [InlineData(StoreKind.Redis, true)]
    public async Task An_upload_that_the_store_failed_is_begun_anew(StoreKind kind, bool applied)
    {
        await using var cluster = await stores.Cluster(kind);
        var users = await cluster.Users(150);
        var campaign = cluster.Campaign();
        var upload = (await campaign.Begin(Audience.Insight)).Upload;
        var fault = new Fault(applied);
        cluster.Store().OnCommit = _ => Interlocked.Exchange(ref fault, null);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => campaign.Add(upload, Audience.Of(users), []));
        await Eventually.True(async () => !await campaign.Add(upload, Audience.Of(users), []));

        Assert.Equal((150, 0), await campaign.Start(Audience.Insight, users) is var receipt ? (receipt.Queued, receipt.Failed) : default);
        await cluster.Until(campaign, view => view is { Status: CampaignStatus.Done, Sent: 150 });
    }

    [Theory, MemberData(nameof(StoreFixture.All), MemberType = typeof(StoreFixture))]
    public async Task What_another_activation_has_changed_is_left_alone(StoreKind kind)
    {
        await using var cluster = await stores.Cluster(kind);
        var users = await cluster.Users(120);
        var (first, second, third) = (cluster.Campaign(), cluster.Campaign(), cluster.Campaign());
        var store = cluster.Service<CampaignStore>();
        List<int> uploads = [];
        foreach (var campaign in new[] { first, second, third })
        {
            uploads.Add((await campaign.Begin(Audience.Insight)).Upload);
            Assert.True(await campaign.Add(uploads[^1], Audience.Of(users[..50]), []));
            var stored = (await store.Read(campaign.GetPrimaryKey()))!;
            Assert.NotNull(await store.Write(campaign.GetPrimaryKey(), stored, stored.Status, stored.State with { Upload = uploads[^1] + 1 }));
        }

        await Assert.ThrowsAsync<StoreUnavailableException>(() => first.Add(uploads[0], Audience.Of(users), []));
        Assert.Equal(50, await cluster.Redis.HashLengthAsync(cluster.Keys.CampaignRecipients(first.GetPrimaryKey())));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => second.Complete(uploads[1]));
        await Eventually.True(async () => await second.Complete(uploads[1]) is null);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => third.Abandon(uploads[2]));
        Assert.NotNull(await store.Read(third.GetPrimaryKey()));
    }
}
