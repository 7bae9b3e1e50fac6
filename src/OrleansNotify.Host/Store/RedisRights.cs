using OrleansNotify.Host.Settings;
using OrleansNotify.Storage;
using StackExchange.Redis;

namespace OrleansNotify.Host.Store;

/// <summary>
/// What a Redis user has to be allowed, tried at the start on a key that nobody uses: a right that is lacking would else be missed when the
/// first message, campaign or dead letter asks for it.
/// </summary>
internal static class RedisRights
{
    /// <summary>What the connection itself needs, without which nothing else could be tried.</summary>
    public const string OfConnection = "+echo +select";

    /// <summary>The commands, in the order in which they are tried, each with harmless arguments; KEY is the key.</summary>
    private static readonly string[] Tried =
    [
        "PING", "TIME", "GET KEY", "SET KEY v", "SETNX KEY v", "SETEX KEY 1 v", "PSETEX KEY 1000 v", "DEL KEY", "UNLINK KEY", "EXPIRE KEY 1", "PEXPIRE KEY 1000", "PERSIST KEY",
        "HSET KEY f 1", "HMSET KEY f 1", "HSETNX KEY f 1", "HINCRBY KEY f 1", "HGET KEY f", "HMGET KEY f", "HGETALL KEY", "HVALS KEY", "HEXISTS KEY f", "HLEN KEY", "HSCAN KEY 0", "HDEL KEY f",
        "LPUSH KEY v", "RPUSH KEY v", "LRANGE KEY 0 0", "LTRIM KEY 0 0", "DEL KEY", "SADD KEY m", "SMEMBERS KEY", "SREM KEY m", "DEL KEY",
        "ZADD KEY 1 m", "ZCARD KEY", "ZCOUNT KEY 0 1", "ZSCORE KEY m", "ZRANGE KEY 0 0", "ZREVRANGE KEY 0 0", "ZRANGEBYSCORE KEY 0 1", "ZREVRANGEBYSCORE KEY 1 0",
        "ZRANGEBYLEX KEY - +", "ZREVRANGEBYLEX KEY + -", "ZREM KEY m", "ZREMRANGEBYSCORE KEY 0 0", "ZREMRANGEBYLEX KEY [x [y", "DEL KEY",
        "EVAL return~1 0", "SCRIPT LOAD return~1", "EVALSHA e0e1f9fabfc9d4800c877a703b823ac0578ff8db 0",
        // Where WATCH is forbidden, a transaction goes on without it. The others answer that there is no transaction: that they may be asked is enough.
        "WATCH KEY", "UNWATCH", "EXEC", "DISCARD",
    ];

    /// <summary>All rights, as <c>ACL SETUSER</c> takes them.</summary>
    public static string All(string serviceId) =>
        $"{Keys(serviceId)} {OfConnection} {string.Join(' ', Tried.Select(each => Rule(each.Split(' ')[0])).Append("+multi").Distinct())}";

    /// <summary>Tries them all.</summary>
    /// <exception cref="SettingsException">Names those that the user lacks.</exception>
    public static async Task Demand(IDatabase redis, string serviceId)
    {
        var key = $"{serviceId}/starting-rights";
        var lacking = await Task.WhenAll(Tried.Select(each => Lacking(
            () => redis.ExecuteAsync(each.Split(' ')[0], [.. each.Split(' ').Skip(1).Select(word => word == "KEY" ? key : word.Replace('~', ' '))]),
            Rule(each.Split(' ')[0]), serviceId)).Append(Lacking(() => Commit(redis, key), "+multi", serviceId)));
        var rules = string.Join(' ', lacking.OfType<string>().Distinct());
        if (rules.Length > 0) throw new SettingsException([$"REDIS_CONNECTION: the Redis user lacks rights; add them with ACL SETUSER and its name: {rules}"]);
    }

    private static async Task<string?> Lacking(Func<Task> attempt, string rule, string serviceId)
    {
        try
        {
            await attempt();
            return null;
        }
        catch (Exception fault) when (StoreFault.IsOne(fault))
        {
            // An error of another kind, such as that of a script which could not be loaded, says nothing of this right.
            if (StoreTroubles.Of(fault) != StoreTrouble.NoRight) return null;
            return fault.Message.Contains("keys used as arguments", StringComparison.Ordinal) ? Keys(serviceId) : rule;
        }
    }

    // MULTI alone would take in what others send over this connection.
    private static async Task Commit(IDatabase redis, string key)
    {
        var transaction = redis.CreateTransaction();
        transaction.AddCondition(Condition.HashNotExists(key, "none"));
        var deleted = transaction.KeyDeleteAsync(key);
        if (await transaction.ExecuteAsync()) await deleted;
    }

    private static string Rule(string command) => "+" + (command == "SCRIPT" ? "script|load" : command.ToLowerInvariant());

    private static string Keys(string serviceId) => $"~{serviceId}/*";
}
