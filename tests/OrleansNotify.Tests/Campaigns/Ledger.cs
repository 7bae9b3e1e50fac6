using OrleansNotify.Campaigns;
using OrleansNotify.Tests.Cluster;

namespace OrleansNotify.Tests.Campaigns;

/// <summary>A campaign's records, held against what its recipients' own records say.</summary>
internal static class Ledger
{
    /// <summary>The state of each recipient, by user.</summary>
    public static async Task<Dictionary<string, string>> StatesOf(this NotifyCluster cluster, Guid campaign) =>
        (await cluster.Redis.HashGetAllAsync(cluster.Keys.CampaignRecipients(campaign))).ToDictionary(state => (string)state.Name!, state => (string)state.Value!);

    /// <summary>No record of the campaign is stored, and no list shows it.</summary>
    public static async Task HoldsNothingOf(this NotifyCluster cluster, ICampaignGrain campaign)
    {
        var (id, keys) = (campaign.GetPrimaryKey(), cluster.Keys);
        foreach (var key in new[] { keys.Campaign(id), keys.CampaignRecipients(id), keys.CampaignStates(id), keys.CampaignAudience(id), keys.CampaignCounts(id), keys.CampaignBack(id) })
            Assert.False(await cluster.Redis.KeyExistsAsync(key), key);
        Assert.Empty((await cluster.Client.GetGrain<ICampaignListGrain>(0).List(new CampaignFilter(), null, 100)).Items);
    }

    /// <summary>The counts and the order are those of the states, and each state is that of the user's message.</summary>
    public static async Task Closes(this NotifyCluster cluster, Guid campaign)
    {
        var states = await cluster.StatesOf(campaign);
        var counts = (await cluster.Redis.HashGetAllAsync(cluster.Keys.CampaignCounts(campaign)))
            .Select(count => (State: (string)count.Name!, Count: (int)count.Value)).Where(count => count.Count != 0);
        Assert.Equal(states.Values.CountBy(state => state).Select(count => (count.Key, count.Value)).Order(), counts.Order());
        Assert.Equal(
            states.Select(each => $"{each.Value} {each.Key}").Order(StringComparer.Ordinal),
            (await cluster.Redis.SortedSetRangeByRankAsync(cluster.Keys.CampaignStates(campaign))).Select(entry => (string)entry!));
        foreach (var (user, state) in states)
        {
            var message = await cluster.User(user).GetMessage(new CampaignPlace(campaign, 0).MessageFor(user));
            if (message is null) Assert.True(state is RecipientState.New or RecipientState.Held || state.StartsWith(RecipientState.Skipped, StringComparison.Ordinal), $"{user}: {state}");
            else Assert.Equal(StateOf(message), state.StartsWith(RecipientState.Skipped, StringComparison.Ordinal) ? RecipientState.Skipped : state);
        }
    }

    private static string StateOf(MessageView message) => message.Status switch
    {
        MessageStatus.Waiting or MessageStatus.Sending => RecipientState.Waiting,
        MessageStatus.Deferred => RecipientState.Deferred,
        MessageStatus.Retrying => RecipientState.Retrying,
        MessageStatus.Sent => "sent:" + message.Channel.ToString()!.ToLowerInvariant(),
        MessageStatus.DeadLettered => RecipientState.DeadLettered,
        MessageStatus.Cancelled => RecipientState.Cancelled,
        MessageStatus.Expired => RecipientState.Expired,
        _ => RecipientState.Skipped,
    };
}
