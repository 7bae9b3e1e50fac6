using System.Collections.Immutable;
using Orleans.Serialization;
using OrleansNotify.Storage;
using StackExchange.Redis;

namespace OrleansNotify.Campaigns;

/// <summary>A user's places in campaigns: what is kept there of one who asks, and what becomes of it when the user is erased.</summary>
internal sealed class CampaignRows(IConnectionMultiplexer redis, Keys keys, CampaignList campaigns, StoreClock clock, Serializer<CampaignRecipient[]> blocks)
{
    private const int AtATime = 100;

    private static readonly string AnonymiseScript = Script.Read("OrleansNotify.Campaigns.anonymise.lua");

    private IDatabase Database => redis.GetDatabase();

    /// <summary>The campaigns that a user is a recipient of, and where the user stands in each.</summary>
    /// <exception cref="StoreFault">The store did not answer.</exception>
    public async Task<ImmutableArray<(Guid Campaign, string State)>> Of(string user)
    {
        var found = ImmutableArray.CreateBuilder<(Guid, string)>();
        CampaignEntry? last = null;
        ImmutableArray<CampaignEntry> page;
        do
        {
            page = await campaigns.Behind(last, AtATime);
            var states = await StoreFault.Guard(() => Task.WhenAll(page.Select(entry => Database.HashGetAsync(keys.CampaignRecipients(entry.Id), user))));
            found.AddRange(page.Zip(states).Where(each => each.Second.HasValue).Select(each => (each.First.Id, (string)each.Second!)));
            last = page.IsEmpty ? null : page[^1];
        }
        while (page.Length == AtATime);

        // An upload that was begun anew is in the list twice.
        return [.. found.Distinct()];
    }

    /// <summary>The variables that a recipient's message is still to be made with; null where the audience is gone.</summary>
    /// <exception cref="StoreFault">The store did not answer.</exception>
    public Task<TemplateVars?> VarsOf(Guid campaign, string user) => StoreFault.Guard(async () =>
        (await Find(campaign, user)).Recipients.FirstOrDefault(recipient => recipient.UserId == user)?.Vars);

    /// <summary>
    /// Puts another name in a user's place. The counts go on adding up; nothing more is made for one who had no message yet. An audience that
    /// is still being uploaded stays as its caller sends it.
    /// </summary>
    /// <exception cref="StoreFault">The store did not answer.</exception>
    public async Task Anonymise(Guid campaign, string user, string name)
    {
        while (!await Try(campaign, user, name))
        {
            // Another recipient of the block was erased meanwhile.
        }
    }

    private Task<bool> Try(Guid campaign, string user, string name) => StoreFault.Guard(async () =>
    {
        var (block, before, recipients) = await Find(campaign, user);
        var at = Array.FindIndex(recipients, recipient => recipient.UserId == user);
        RedisValue[] place = ["", "", "", ""];
        if (at >= 0)
        {
            recipients[at] = recipients[at] with { UserId = name, Vars = TemplateVars.Empty };
            place = [(block * CampaignStore.BlockSize) + at, block, before, blocks.SerializeToArray(recipients)];
        }

        return (bool)await Database.ScriptEvaluateAsync(
            AnonymiseScript,
            [
                keys.Campaign(campaign), keys.CampaignRecipients(campaign), keys.CampaignCounts(campaign), keys.CampaignStates(campaign),
                keys.CampaignBack(campaign), keys.CampaignAudience(campaign),
            ],
            [clock.ForScript, user, name, RecipientState.New, RecipientState.Held, RecipientState.SkippedFor(Reasons.UnknownUser), .. place]);
    });

    // The block of the audience that holds a user. It is looked for from the start: only running campaigns still have their audience.
    private async Task<(int Block, RedisValue Stored, CampaignRecipient[] Recipients)> Find(Guid campaign, string user)
    {
        await foreach (var block in Database.HashScanAsync(keys.CampaignAudience(campaign), pageSize: AtATime))
        {
            var recipients = blocks.Deserialize((ReadOnlyMemory<byte>)block.Value)!;
            if (Array.Exists(recipients, recipient => recipient.UserId == user)) return ((int)block.Name, block.Value, recipients);
        }

        return (0, RedisValue.Null, []);
    }
}
