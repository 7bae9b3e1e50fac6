using StackExchange.Redis;

namespace OrleansNotify.Storage;

/// <summary>Everything that one event changes, as one value: pure rules make it, <see cref="CommitStore"/> applies it whole or not at all.</summary>
/// <param name="Outbox">The key that carries the version.</param>
/// <param name="Version">The version that the decision was read from; 0 for an outbox that does not exist.</param>
/// <param name="Conditions">What must hold beside the version.</param>
/// <param name="Writes">In the order in which they are made.</param>
/// <param name="OutboxLife">After how long without a write the outbox expires; null leaves that as it is.</param>
internal sealed record Commit(
    RedisKey Outbox,
    long Version,
    IReadOnlyList<CommitCondition> Conditions,
    IReadOnlyList<Write> Writes,
    TimeSpan? OutboxLife);

/// <summary>What must hold for a commit to be made.</summary>
internal readonly record struct CommitCondition(string Kind, RedisKey Key, RedisValue Field, RedisValue Value)
{
    /// <summary>The hash's field has this value; an empty one means that the field is missing.</summary>
    public static CommitCondition Is(RedisKey key, RedisValue field, RedisValue value) => new("is", key, field, value);

    /// <summary>The hash's field has another value; with an empty one: the field exists.</summary>
    public static CommitCondition IsNot(RedisKey key, RedisValue field, RedisValue value) => new("not", key, field, value);

    /// <summary>The store's clock has not passed this time.</summary>
    public static CommitCondition Before(RedisKey outbox, DateTimeOffset time) => new("before", outbox, RedisValue.EmptyString, StoreClock.ToMicroseconds(time));
}

/// <summary>Where in a commit a write stands. A store that kept only the first writes of one then shows a spurious wake or a repeat, never a loss.</summary>
internal enum WriteStage
{
    Agenda,
    Lane,
    LetterAndHistory,
    Outbox,
    Campaign,
    Settled,
    Removal,
}

/// <summary>One command of a commit.</summary>
/// <param name="Stage">Its place in the order of writes.</param>
/// <param name="Command">Such as <c>ZADD</c>.</param>
/// <param name="Key">Its key.</param>
/// <param name="Args">What follows the key.</param>
/// <param name="Delay">The argument, counted from 1, that is a delay in milliseconds from the store's now; 0 if none is.</param>
/// <param name="More">Of <see cref="Move"/> alone: where the states are counted, and where their members stand in the order of their states.</param>
internal readonly record struct Write(
    WriteStage Stage, string Command, RedisKey Key, RedisValue[] Args, int Delay = 0, (RedisKey Counts, RedisKey Order)? More = null)
{
    /// <summary>
    /// Gives a member of a hash another state, whatever it was before, and keeps the counts of all states and the members' order; one that is
    /// not there stays so.
    /// </summary>
    public const string Move = "MOVE STATE";

    /// <inheritdoc cref="Move"/>
    public static Write MoveTo(string state, RedisKey states, RedisKey counts, RedisKey order, string member) =>
        new(WriteStage.Campaign, Move, states, [member, state], More: (counts, order));
}

/// <summary>What the store said to a commit.</summary>
/// <param name="Version">The outbox's new version; 0 if nothing was changed.</param>
/// <param name="Now">The store's time of the commit.</param>
/// <param name="FailedCondition">The condition that did not hold, counted from 0; null if all held.</param>
internal readonly record struct CommitResult(long Version, DateTimeOffset Now, int? FailedCondition)
{
    public bool Made => Version > 0;
}
