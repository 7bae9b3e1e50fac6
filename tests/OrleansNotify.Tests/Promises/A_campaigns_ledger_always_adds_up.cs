using OrleansNotify.Delivery;
using OrleansNotify.Tests.Campaigns;
using OrleansNotify.Tests.Cluster;
using OrleansNotify.Tests.Stores;

namespace OrleansNotify.Tests.Promises;

public sealed class A_campaigns_ledger_always_adds_up(StoreFixture stores)
{
    private const int Recipients = 60;

    public static TheoryData<StoreKind, int> Seeds => [.. from kind in Enum.GetValues<StoreKind>() from seed in Enumerable.Range(1, 4) select (kind, seed)];

    /// <summary>Users, outcomes, the store's faults and the operator's whims by chance: it adds up at every look, and at the end with everybody's own records.</summary>
    [Theory, MemberData(nameof(Seeds))]
    public async Task Whatever_happens(StoreKind kind, int seed)
    {
        Random chance = new(seed);
        await using var cluster = await NotifyCluster.Start(await stores.Get(kind));
        var users = await Users(cluster);
        cluster.Email.Answer = (_, _) => Task.FromResult(Outcomes.Of(Chance(OutcomeKind.Sent, OutcomeKind.Sent, OutcomeKind.Sent, OutcomeKind.Retry, OutcomeKind.Rejected), "test"));
        var campaign = cluster.Campaign();
        var settings = Audience.Insight with { BatchSize = 7, ExpiresAt = seed % 2 == 0 ? cluster.Clock.GetUtcNow().AddHours(9) : null };
        Assert.Equal(Recipients, (await campaign.Start(settings, users)).Queued);
        cluster.Store().OnCommit = _ => Chance(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11) switch { 0 => new Fault(), 1 => new Fault(Applied: true), _ => null };

        for (var look = 0; look < 60; look++)
        {
            var step = TimeSpan.FromSeconds(Chance(0.1, 1, 5, 5));
            await Try(async () => await cluster.Until(campaign, _ => true, step));
            if (Chance(0, 1, 2, 3, 4, 5) == 0) await Try(campaign.Pause);
            if (Chance(0, 1, 2) == 0) await Try(campaign.Resume);
            if (seed == 3 && look == 50) await Try(campaign.Cancel);
        }

        cluster.Store().OnCommit = _ => null;
        await Eventually.True(async () => await Try(campaign.Resume));
        var end = await cluster.Until(campaign, view => view.Remaining == 0, TimeSpan.FromSeconds(20));
        await Eventually.True(async () =>
        {
            cluster.Clock.Advance(TimeSpan.FromSeconds(5));
            return await cluster.AgendaLength() == 0;
        });

        Assert.Equal(Recipients, end.Targeted);
        await cluster.Closes(campaign.GetPrimaryKey());
        Assert.Equal(end.Sent, (await cluster.StatesOf(campaign.GetPrimaryKey())).Count(state => state.Value == "sent:email"));

        T Chance<T>(params T[] choices)
        {
            lock (chance) return choices[chance.Next(choices.Length)];
        }

        static async Task<bool> Try(Func<Task> act)
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
    }

    // Of ten: six who can be reached, one in quiet hours until 20:00, one who has unsubscribed, one without an address, one whom nobody knows.
    private static async Task<string[]> Users(NotifyCluster cluster)
    {
        var users = Enumerable.Range(0, Recipients).Select(i => $"u{i}").ToArray();
        QuietHours quiet = new() { Enabled = true, Start = new(10, 0), End = new(20, 0), TimeZone = "UTC" };
        foreach (var (i, user) in users.Index())
        {
            if (i % 10 == 0) continue;
            await cluster.UserWith(user, email: i % 10 != 1, preferences: (i % 10) switch
            {
                2 => new Preferences { UnsubscribedTypes = [TestTemplates.Catalog.Find(Audience.Insight.TemplateName)!.Manifest.Type] },
                3 => new Preferences { QuietHours = quiet },
                _ => null,
            });
        }

        return users;
    }
}
