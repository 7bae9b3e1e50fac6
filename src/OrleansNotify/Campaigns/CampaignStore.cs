using System.Collections.Immutable;
using Orleans.Serialization;
using OrleansNotify.Storage;
using StackExchange.Redis;

namespace OrleansNotify.Campaigns;

/// <summary>A campaign's records: the campaign itself, which changes by versioned commits; its audience, in blocks; the places to come back to.</summary>
internal sealed class CampaignStore(
    IConnectionMultiplexer redis, CommitStore commits, Keys keys, StoreClock clock, Serializer<CampaignState> states, Serializer<CampaignRecipient[]> blocks)
{
    /// <summary>Recipients in one block of the audience.</summary>
    public const int BlockSize = 100;

    /// <summary>The field of a campaign that holds its status; others' commits have conditions on it.</summary>
    public const string StatusField = "status";

    private const string StateField = "state";

    /// <summary>How long an upload may stand still before it is forgotten.</summary>
    public static readonly TimeSpan UploadLife = TimeSpan.FromDays(1);

    private static readonly string
        DropScript = Script.Read("OrleansNotify.Campaigns.drop.lua"),
        CountScript = Script.Read("OrleansNotify.Campaigns.count.lua"),
        DiscardScript = Script.Read("OrleansNotify.Campaigns.discard.lua"),
        EnrolScript = Script.Read("OrleansNotify.Campaigns.enrol.lua");

    private IDatabase Database => redis.GetDatabase();

    /// <summary>A campaign as it is stored; null if there is none.</summary>
    /// <exception cref="StoreFault">The store did not answer.</exception>
    public Task<StoredCampaign?> Read(Guid id) => StoreFault.Guard(async () =>
    {
        var fields = (await Database.HashGetAllAsync(keys.Campaign(id))).ToDictionary(field => (string)field.Name!, field => field.Value);
        return fields.TryGetValue(StateField, out var state)
            ? new StoredCampaign((long)fields[Codec.VersionField], StatusOf(fields[StatusField])!.Value, states.Deserialize((ReadOnlyMemory<byte>)state)!)
            : null;
    });

    /// <summary>Changes a campaign, if it is still what it was.</summary>
    /// <returns>What is stored now; null where somebody else has changed it.</returns>
    /// <exception cref="StoreFault">The store did not answer: the change may have been made.</exception>
    public Task<StoredCampaign?> Write(Guid id, StoredCampaign? before, CampaignStatus status, CampaignState state) => Write(id, before, status, state, []);

    /// <summary>Changes a campaign that is not whole yet, if it is still what it was, and forgets its audience.</summary>
    /// <inheritdoc cref="Write(Guid, StoredCampaign?, CampaignStatus, CampaignState)"/>
    public Task<StoredCampaign?> WriteEmpty(Guid id, StoredCampaign? before, CampaignStatus status, CampaignState state) =>
        Write(id, before, status, state, [.. AudienceOf(id).Select(key => new Write(WriteStage.Campaign, "DEL", key, []))], UploadLife);

    /// <summary>Forgets a campaign that is not whole yet, if it is still what it was.</summary>
    /// <returns>Whether it was.</returns>
    /// <exception cref="StoreFault">The store did not answer: it may have been forgotten.</exception>
    public Task<bool> Discard(Guid id, StoredCampaign before) => StoreFault.Guard(async () =>
        (bool)await Database.ScriptEvaluateAsync(DiscardScript, [keys.Campaign(id), .. AudienceOf(id)], [clock.ForScript, before.Version]));

    /// <summary>Starts a campaign whose audience is whole: every recipient is new.</summary>
    /// <inheritdoc cref="Write(Guid, StoredCampaign?, CampaignStatus, CampaignState)"/>
    public Task<StoredCampaign?> Start(Guid id, StoredCampaign before, CampaignStatus status, CampaignState state) => Write(id, before, status, state,
    [
        new(WriteStage.Campaign, "PERSIST", keys.Campaign(id), []),
        new(WriteStage.Campaign, "PERSIST", keys.CampaignRecipients(id), []),
        new(WriteStage.Campaign, "PERSIST", keys.CampaignStates(id), []),
        new(WriteStage.Campaign, "PERSIST", keys.CampaignAudience(id), []),
        new(WriteStage.Campaign, "HSET", keys.CampaignCounts(id), [RecipientState.New, state.Targeted]),
    ]);

    /// <summary>Puts a block into the audience, if the campaign is still what it was.</summary>
    /// <inheritdoc cref="Write(Guid, StoredCampaign?, CampaignStatus, CampaignState)"/>
    public Task<StoredCampaign?> PutBlock(Guid id, StoredCampaign before, int block, CampaignRecipient[] recipients) => Write(id, before, before.Status, before.State,
    [
        new(WriteStage.Campaign, "HSET", keys.CampaignAudience(id), [block, blocks.SerializeToArray(recipients)]),
        new(WriteStage.Campaign, "PEXPIRE", keys.CampaignAudience(id), [(long)UploadLife.TotalMilliseconds]),
    ]);

    /// <summary>Takes recipients into the audience, if the campaign is still what it was; tells of each whether it is new there.</summary>
    /// <returns>Null where somebody else has changed the campaign.</returns>
    /// <exception cref="StoreFault">The store did not answer.</exception>
    public Task<bool[]?> Enrol(Guid id, StoredCampaign before, IEnumerable<string> users) => StoreFault.Guard(async () =>
    {
        RedisValue[] args = [clock.ForScript, before.Version, (long)UploadLife.TotalMilliseconds, RecipientState.New, .. users.Select(user => (RedisValue)user)];
        var answer = await Database.ScriptEvaluateAsync(EnrolScript, [keys.Campaign(id), keys.CampaignRecipients(id), keys.CampaignStates(id)], args);
        return answer.IsNull ? null : ((RedisValue[])answer!).Select(added => added == 1).ToArray();
    });

    /// <summary>The recipients at these places, with the state of each.</summary>
    /// <exception cref="StoreFault">The store did not answer.</exception>
    public Task<ImmutableArray<(int Place, CampaignRecipient Recipient, string State)>> At(Guid id, IReadOnlyCollection<int> places) => StoreFault.Guard(async () =>
    {
        RedisValue[] wanted = [.. places.Select(place => (RedisValue)(place / BlockSize)).Distinct()];
        var stored = await Database.HashGetAsync(keys.CampaignAudience(id), wanted);
        var read = wanted.Zip(stored).ToDictionary(block => (int)block.First, block => blocks.Deserialize((ReadOnlyMemory<byte>)block.Second)!);
        var recipients = places.Select(place => (Place: place, Recipient: read[place / BlockSize][place % BlockSize])).ToList();
        var states = await Database.HashGetAsync(keys.CampaignRecipients(id), [.. recipients.Select(each => (RedisValue)each.Recipient.UserId)]);
        return recipients.Zip(states, (each, state) => (each.Place, each.Recipient, (string)state!)).ToImmutableArray();
    });

    /// <summary>How many recipients are in each state.</summary>
    /// <exception cref="StoreFault">The store did not answer.</exception>
    public Task<ImmutableDictionary<string, long>> Counts(Guid id) => StoreFault.Guard(async () =>
        (await Database.HashGetAllAsync(keys.CampaignCounts(id))).ToImmutableDictionary(count => (string)count.Name!, count => (long)count.Value));

    /// <summary>Counts the recipients' states anew, and puts them in order: what a store that kept only a part of a commit has wrong.</summary>
    /// <exception cref="StoreFault">The store did not answer.</exception>
    public Task CountAnew(Guid id) => StoreFault.Guard(() =>
        Database.ScriptEvaluateAsync(CountScript, [keys.CampaignRecipients(id), keys.CampaignCounts(id), keys.CampaignStates(id)], [clock.ForScript]));

    /// <summary>The places to come back to by now.</summary>
    /// <exception cref="StoreFault">The store did not answer.</exception>
    public Task<int[]> Due(Guid id, int count) => StoreFault.Guard(async () =>
        (await Database.SortedSetRangeByScoreAsync(keys.CampaignBack(id), double.NegativeInfinity, clock.Now.ToUnixTimeMilliseconds(), take: count))
        .Select(place => (int)place).ToArray());

    /// <exception cref="StoreFault">The store did not answer.</exception>
    public Task ComeBack(Guid id, int place, TimeSpan after) => StoreFault.Guard(() =>
        Database.SortedSetAddAsync(keys.CampaignBack(id), place, (clock.Now + after).ToUnixTimeMilliseconds()));

    /// <summary>Forgets a place to come back to, unless its recipient has no message yet.</summary>
    /// <exception cref="StoreFault">The store did not answer.</exception>
    public Task Drop(Guid id, int place, string user) => StoreFault.Guard(() => Database.ScriptEvaluateAsync(
        DropScript,
        [keys.CampaignBack(id), keys.CampaignRecipients(id)],
        [clock.ForScript, place, user, RecipientState.New, RecipientState.Held]));

    /// <summary>Forgets the variables of an audience that nothing more is made for, at once, and its records after a while.</summary>
    /// <exception cref="StoreFault">The store did not answer.</exception>
    public Task Forget(Guid id, TimeSpan after) => StoreFault.Guard(async () =>
    {
        await Database.KeyDeleteAsync([keys.CampaignAudience(id), keys.CampaignBack(id)]);
        RedisKey[] records = [keys.Campaign(id), keys.CampaignRecipients(id), keys.CampaignStates(id), keys.CampaignCounts(id)];
        await Task.WhenAll(records.Select(record => Database.KeyExpireAsync(record, after)));
    });

    private RedisKey[] AudienceOf(Guid id) =>
        [keys.CampaignRecipients(id), keys.CampaignStates(id), keys.CampaignAudience(id), keys.CampaignCounts(id), keys.CampaignBack(id)];

    private async Task<StoredCampaign?> Write(
        Guid id, StoredCampaign? before, CampaignStatus status, CampaignState state, Write[] more, TimeSpan? life = null)
    {
        var key = keys.Campaign(id);
        Write write = new(WriteStage.Campaign, "HSET", key, [StatusField, NameOf(status), StateField, states.SerializeToArray(state)]);
        var result = await commits.Apply(new Commit(key, before?.Version ?? 0, [], [.. more, write], life));
        return result.Made ? new StoredCampaign(result.Version, status, state) : null;
    }

    public static string NameOf(CampaignStatus status) => status.ToString().ToLowerInvariant();

    public static CampaignStatus? StatusOf(RedisValue name) => Enum.TryParse<CampaignStatus>(name, ignoreCase: true, out var status) ? status : null;
}

/// <summary>A campaign as it is stored.</summary>
internal sealed record StoredCampaign(long Version, CampaignStatus Status, CampaignState State);
