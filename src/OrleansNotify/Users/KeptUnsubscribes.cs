using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using OrleansNotify.Storage;
using StackExchange.Redis;

namespace OrleansNotify.Users;

/// <summary>
/// What users who were erased had unsubscribed from, by a keyed hash of their addresses: whoever has the address later is still unsubscribed, and
/// nobody reads the address from it. The key is made once and lies in the store, as the other keys do.
/// </summary>
internal sealed class KeptUnsubscribes(IConnectionMultiplexer redis, Keys keys)
{
    private const int KeySize = 32;

    private byte[]? _key;

    private IDatabase Database => redis.GetDatabase();

    /// <summary>Keeps types for addresses.</summary>
    /// <exception cref="StoreFault">The store did not answer.</exception>
    public Task Keep(Addresses addresses, IEnumerable<string> types) => StoreFault.Guard(async () =>
    {
        RedisValue[] all = [.. types.Select(type => (RedisValue)type)];
        if (all.Length > 0) await Task.WhenAll((await Records(addresses)).Select(record => Database.SetAddAsync(record, all)));
    });

    /// <summary>The types that are kept for any of these addresses.</summary>
    /// <exception cref="StoreFault">The store did not answer.</exception>
    public Task<string[]> Of(Addresses addresses) => StoreFault.Guard(async () =>
    {
        var kept = await Task.WhenAll((await Records(addresses)).Select(record => Database.SetMembersAsync(record)));
        return kept.SelectMany(types => types).Select(type => (string)type!).Distinct().Order(StringComparer.Ordinal).ToArray();
    });

    /// <summary>Forgets types: somebody with these addresses wants them again.</summary>
    /// <exception cref="StoreFault">The store did not answer.</exception>
    public Task Release(Addresses addresses, IEnumerable<string> types) => StoreFault.Guard(async () =>
    {
        RedisValue[] all = [.. types.Select(type => (RedisValue)type)];
        if (all.Length > 0) await Task.WhenAll((await Records(addresses)).Select(record => Database.SetRemoveAsync(record, all)));
    });

    /// <summary>A name that stands for an erased user in one campaign; always the same, and leading to nobody.</summary>
    /// <exception cref="StoreFault">The store did not answer.</exception>
    public Task<string> NameIn(Guid campaign, string user) => StoreFault.Guard(async () => $"erased-{await Hash($"{campaign:N} {user}")}");

    private async Task<RedisKey[]> Records(Addresses addresses)
    {
        List<RedisKey> records = [];
        foreach (var channel in new[] { Channel.Email, Channel.Telegram })
            if (addresses.Of(channel) is { } address) records.Add(keys.Unsubscribed(await Hash($"{Keys.Name(channel)} {address.ToLowerInvariant()}")));
        return [.. records];
    }

    private async Task<string> Hash(string text)
    {
        if (_key is not { } key)
        {
            // Whichever silo is first makes it for all.
            await Database.StringSetAsync(keys.AddressKey, RandomNumberGenerator.GetBytes(KeySize), when: When.NotExists);
            _key = key = (byte[])(await Database.StringGetAsync(keys.AddressKey))!;
        }

        return Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
    }
}
