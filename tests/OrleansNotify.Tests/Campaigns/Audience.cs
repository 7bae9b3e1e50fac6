using System.Collections.Immutable;
using OrleansNotify.Tests.Cluster;

namespace OrleansNotify.Tests.Campaigns;

/// <summary>Campaigns that tests start.</summary>
internal static class Audience
{
    public static CampaignSettings Insight { get; } = new() { Name = "daily", TemplateName = "daily_insight" };

    public static ICampaignGrain Campaign(this NotifyCluster cluster, Guid? id = null) => cluster.Client.GetGrain<ICampaignGrain>(id ?? Guid.NewGuid());

    public static ImmutableArray<CampaignRecipient> Of(params IEnumerable<string> users) =>
        [.. users.Select((user, i) => new CampaignRecipient { Line = i + 1, UserId = user, Vars = Given.Insight.TemplateVars })];

    /// <summary>Users with an email address, by name.</summary>
    public static async Task<string[]> Users(this NotifyCluster cluster, int count, string prefix = "u")
    {
        var users = Enumerable.Range(0, count).Select(i => $"{prefix}{i}").ToArray();
        await Parallel.ForEachAsync(users, async (user, _) => await cluster.UserWith(user));
        return users;
    }

    /// <summary>Uploads the whole audience.</summary>
    public static async Task<CampaignReceipt> Start(this ICampaignGrain campaign, CampaignSettings settings, params IEnumerable<string> users)
    {
        var begun = await campaign.Begin(settings);
        Assert.Empty(begun.Errors);
        foreach (var part in Of(users).Chunk(ICampaignGrain.MostInOneCall)) Assert.True(await campaign.Add(begun.Upload, [.. part], []));
        return (await campaign.Complete(begun.Upload))!;
    }

    /// <summary>Moves the clock until the campaign's progress is what a test waits for; at each look the sums must fit.</summary>
    public static async Task<CampaignView> Until(this NotifyCluster cluster, ICampaignGrain campaign, Func<CampaignView, bool> holds, TimeSpan? step = null)
    {
        CampaignView? view = null;
        await Eventually.True(
            async () =>
            {
                cluster.Clock.Advance(step ?? TimeSpan.FromMilliseconds(100));
                view = (await campaign.Get())!;
                Adds(view);
                return holds(view);
            },
            () => $"the campaign has come as far as it should, and not to {view}");
        return view!;
    }

    public static void Adds(CampaignView view)
    {
        Assert.Equal(view.Targeted, view.Sent + view.Skipped + view.Deferred + view.Waiting + view.Retrying + view.DeadLettered + view.Expired + view.Cancelled);
        Assert.Equal(view.Remaining, view.Deferred + view.Waiting + view.Retrying);
        Assert.Equal(view.Sent, view.SentByChannel.Values.Sum());
        Assert.Equal(view.Skipped, view.SkippedByReason.Values.Sum());
    }
}
