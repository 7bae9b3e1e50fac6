using System.Collections.Immutable;
using Orleans.Serialization;
using OrleansNotify.Users;
using StackExchange.Redis;

namespace OrleansNotify.Storage;

/// <summary>The stored form of messages and keys: Orleans' own serializer, versioned by alias and id.</summary>
internal sealed class Codec(Serializer<Message> messages, Serializer<UsedKey> keys)
{
    public const string VersionField = "v";

    public static RedisValue MessageField(Guid id) => $"m:{id:N}";

    public static RedisValue KeyField(string key) => "k:" + key;

    public static RedisValue ChatField(string chat) => "c:" + chat;

    public byte[] Encode(Message message) => messages.SerializeToArray(message);

    public byte[] Encode(UsedKey key) => keys.SerializeToArray(key);

    public Message DecodeMessage(RedisValue value) => messages.Deserialize((ReadOnlyMemory<byte>)value)!;

    public Outbox Decode(HashEntry[] fields)
    {
        var version = 0L;
        var inbox = ImmutableDictionary.CreateBuilder<Guid, StoredMessage>();
        var used = ImmutableDictionary.CreateBuilder<string, UsedKey>();
        var chats = ImmutableDictionary.CreateBuilder<string, DateTimeOffset>();
        foreach (var (name, value) in fields.Select(field => ((string)field.Name!, field.Value)))
        {
            if (name == VersionField)
            {
                version = (long)value;
            }
            else if (name.StartsWith("m:", StringComparison.Ordinal))
            {
                var message = DecodeMessage(value);
                inbox[message.Id] = new StoredMessage(message, (int)value.Length());
            }
            else if (name.StartsWith("c:", StringComparison.Ordinal))
            {
                chats[name["c:".Length..]] = StoreClock.FromMicroseconds((long)value);
            }
            else
            {
                used[name["k:".Length..]] = keys.Deserialize((ReadOnlyMemory<byte>)value)!;
            }
        }

        return new Outbox(version, inbox.ToImmutable(), used.ToImmutable(), chats.ToImmutable());
    }
}
