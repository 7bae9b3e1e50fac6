using OrleansNotify.DeadLetters;
using StackExchange.Redis;

namespace OrleansNotify.Storage;

/// <summary>The names of all records, under the service id.</summary>
internal sealed class Keys(string serviceId)
{
    /// <summary>How many agenda shards there are: a constant, for an entry's shard must never change.</summary>
    public const int AgendaShards = 64;

    public RedisKey Outbox(string user) => $"{serviceId}/u:{user}:outbox";

    public RedisKey History(string user) => $"{serviceId}/u:{user}:history";

    /// <summary>The key of the hashes of addresses.</summary>
    public RedisKey AddressKey => $"{serviceId}/address-key";

    /// <summary>What an address is unsubscribed from, whoever has it.</summary>
    public RedisKey Unsubscribed(string hash) => $"{serviceId}/unsubscribed:{hash}";

    /// <summary>Requests that were skipped.</summary>
    public RedisKey Skipped(string user) => $"{serviceId}/u:{user}:skipped";

    public RedisKey Agenda(int shard) => $"{serviceId}/agenda:{shard:00}";

    public RedisKey Lane(Channel channel, Priority priority) => $"{serviceId}/lane:{Name(channel)}:{Name(priority)}";

    public RedisKey Window(Channel channel) => $"{serviceId}/window:{Name(channel)}";

    public RedisKey Letters => $"{serviceId}/letters";

    public RedisKey LettersOfAll => $"{serviceId}/letters:all";

    /// <summary>The groups that there are.</summary>
    public RedisKey LetterGroups => $"{serviceId}/letters:groups";

    public RedisKey LettersOfUser(string user) => $"{serviceId}/letters:u:{user}";

    public RedisKey LettersOfGroup(LetterGroup group) => $"{serviceId}/letters:g:{group.Format()}";

    /// <summary>A campaign: its version, status and state.</summary>
    public RedisKey Campaign(Guid id) => $"{serviceId}/campaign:{id:N}";

    /// <summary>A campaign's recipients, by user, each with its state.</summary>
    public RedisKey CampaignRecipients(Guid id) => $"{serviceId}/campaign:{id:N}:recipients";

    /// <summary>A campaign's recipients in the order of their states.</summary>
    public RedisKey CampaignStates(Guid id) => $"{serviceId}/campaign:{id:N}:states";

    /// <summary>The campaigns, in the order of their beginning.</summary>
    public RedisKey Campaigns => $"{serviceId}/campaigns";

    /// <summary>How many of a campaign's recipients are in each state.</summary>
    public RedisKey CampaignCounts(Guid id) => $"{serviceId}/campaign:{id:N}:counts";

    /// <summary>A campaign's recipients with their variables, a block after another.</summary>
    public RedisKey CampaignAudience(Guid id) => $"{serviceId}/campaign:{id:N}:audience";

    /// <summary>The places of a campaign's recipients to come back to, and when.</summary>
    public RedisKey CampaignBack(Guid id) => $"{serviceId}/campaign:{id:N}:back";

    /// <summary>The shard that holds a user's agenda entries.</summary>
    public static int ShardOf(string user) => (int)(StableHash.ComputeHash(user) % AgendaShards);

    public static string Name(Channel channel) => channel switch
    {
        Channel.Push => "push",
        Channel.Telegram => "telegram",
        _ => "email",
    };

    public static string Name(Priority priority) => priority == Priority.Campaign ? "campaign" : "transactional";
}

/// <summary>A message in a sorted set that many users share.</summary>
internal readonly record struct MessageKey(string User, Guid Message)
{
    public RedisValue Format() => $"{User}|{Message:N}";

    public static MessageKey Parse(string member)
    {
        var bar = member.LastIndexOf('|');
        return new MessageKey(member[..bar], Guid.ParseExact(member.AsSpan(bar + 1), "N"));
    }
}
