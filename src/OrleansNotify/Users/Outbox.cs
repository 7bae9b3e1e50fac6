using System.Collections.Immutable;

namespace OrleansNotify.Users;

/// <summary>
/// A user's messages that are not settled, the idempotency keys of the last day, and when each Telegram chat may be written to next, as the
/// store held them at a version.
/// </summary>
internal sealed record Outbox(
    long Version,
    ImmutableDictionary<Guid, StoredMessage> Messages,
    ImmutableDictionary<string, UsedKey> Keys,
    ImmutableDictionary<string, DateTimeOffset> Chats)
{
    public const int MostMessages = 500, MostKeys = 2000, MostBytes = 256 * 1024;

    public static readonly TimeSpan KeyLife = TimeSpan.FromHours(24), LifeWithoutMessages = TimeSpan.FromHours(25);

    /// <summary>How long the version of a user's outbox stays whom nobody knows, or knows any more.</summary>
    public static readonly TimeSpan LifeOfNobody = TimeSpan.FromMinutes(1);

    public static Outbox Empty { get; } = new(
        0, ImmutableDictionary<Guid, StoredMessage>.Empty, ImmutableDictionary<string, UsedKey>.Empty, ImmutableDictionary<string, DateTimeOffset>.Empty);

    /// <summary>Whether a message of this size, with a key or without, can still be taken.</summary>
    public bool HasRoomFor(int bytes, bool withKey, DateTimeOffset now) =>
        Messages.Count < MostMessages
        && Messages.Values.Sum(stored => stored.Bytes) + bytes <= MostBytes
        && (!withKey || Keys.Values.Count(key => !key.IsOver(now)) < MostKeys);
}

/// <summary>A message and the size of its stored form.</summary>
internal readonly record struct StoredMessage(Message Message, int Bytes);

/// <summary>An idempotency key that was used.</summary>
[GenerateSerializer, Immutable, Alias("notify.UsedKey")]
internal sealed record UsedKey
{
    [Id(0)]
    public required Guid MessageId { get; init; }

    /// <summary>What the request meant (<see cref="RequestMeaning"/>).</summary>
    [Id(1)]
    public required byte[] Body { get; init; }

    [Id(2)]
    public required DateTimeOffset At { get; init; }

    public bool IsOver(DateTimeOffset now) => now - At >= Outbox.KeyLife;
}
