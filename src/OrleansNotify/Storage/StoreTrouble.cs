using Orleans.Persistence.Redis;
using StackExchange.Redis;

namespace OrleansNotify.Storage;

/// <summary>What ails the store.</summary>
internal enum StoreTrouble
{
    /// <summary>There is no connection to it.</summary>
    NotReachable,

    /// <summary>There is a connection, and no answer in time.</summary>
    Silent,

    /// <summary>Its memory is full.</summary>
    Full,

    /// <summary>It is a replica, and takes no writes.</summary>
    ReadOnly,

    /// <summary>It cannot write its file.</summary>
    CannotSave,

    /// <summary>It is still loading its data.</summary>
    Loading,

    /// <summary>It runs a script that does not end.</summary>
    BusyScript,

    /// <summary>It has too few replicas to take writes.</summary>
    TooFewReplicas,

    /// <summary>It does not know a script that it was given.</summary>
    NoScript,

    /// <summary>It does not take the user and password.</summary>
    WrongPassword,

    /// <summary>The user may not do what was asked.</summary>
    NoRight,

    /// <summary>Anything else that it answered with an error.</summary>
    Error,
}

/// <summary>Tells what ails the store by what its calls end with.</summary>
internal static class StoreTroubles
{
    // The words that Redis begins its errors with.
    private static readonly (string Prefix, StoreTrouble Trouble)[] Prefixes =
    [
        ("OOM", StoreTrouble.Full), ("READONLY", StoreTrouble.ReadOnly), ("MISCONF", StoreTrouble.CannotSave), ("LOADING", StoreTrouble.Loading),
        ("BUSY", StoreTrouble.BusyScript), ("NOREPLICAS", StoreTrouble.TooFewReplicas), ("NOSCRIPT", StoreTrouble.NoScript),
        ("MASTERDOWN", StoreTrouble.ReadOnly), ("NOAUTH", StoreTrouble.WrongPassword), ("WRONGPASS", StoreTrouble.WrongPassword), ("NOPERM", StoreTrouble.NoRight),
        ("ERR The user executing the script", StoreTrouble.NoRight),
    ];

    /// <summary>What it is, by the fault of a call. The library and Orleans wrap the server's own words; they are found within.</summary>
    public static StoreTrouble Of(Exception fault)
    {
        for (Exception? each = fault; each is not null; each = each.InnerException)
            if (Known(each) is { } known) return known;
        return StoreTrouble.Error;
    }

    /// <summary>In a word, for programs.</summary>
    public static string Word(StoreTrouble trouble) => trouble switch
    {
        StoreTrouble.NotReachable => "not_reachable",
        StoreTrouble.Silent => "silent",
        StoreTrouble.Full => "full",
        StoreTrouble.ReadOnly => "read_only",
        StoreTrouble.CannotSave => "cannot_save",
        StoreTrouble.Loading => "loading",
        StoreTrouble.BusyScript => "busy_script",
        StoreTrouble.TooFewReplicas => "too_few_replicas",
        StoreTrouble.NoScript => "no_script",
        StoreTrouble.WrongPassword => "wrong_password",
        StoreTrouble.NoRight => "no_right",
        _ => "error",
    };

    /// <summary>In a sentence, for people.</summary>
    public static string Sentence(StoreTrouble trouble) => trouble switch
    {
        StoreTrouble.NotReachable => "The store cannot be reached.",
        StoreTrouble.Silent => "The store does not answer.",
        StoreTrouble.Full => "The store's memory is full: it takes no writes.",
        StoreTrouble.ReadOnly => "The store is a read-only replica: it takes no writes.",
        StoreTrouble.CannotSave => "The store cannot write its file: it takes no writes.",
        StoreTrouble.Loading => "The store is still loading its data.",
        StoreTrouble.BusyScript => "The store is busy with a script that does not end.",
        StoreTrouble.TooFewReplicas => "The store has too few replicas: it takes no writes.",
        StoreTrouble.NoScript => "The store has lost a script.",
        StoreTrouble.WrongPassword => "The store does not take the user and password that it is given.",
        StoreTrouble.NoRight => "The store's user lacks a right.",
        _ => "The store answers with an error.",
    };

    private static StoreTrouble? Known(Exception fault)
    {
        // What Orleans passes on of a fault of its own provider is its text alone.
        foreach (var (prefix, trouble) in Prefixes)
            if (fault is RedisServerException ? fault.Message.StartsWith(prefix, StringComparison.Ordinal) : fault.Message.Contains(": " + prefix + " ", StringComparison.Ordinal))
                return trouble;
        return fault switch
        {
            // The library knows by itself what it is connected to.
            RedisConnectionException or RedisCommandException when fault.Message.Contains("replica", StringComparison.OrdinalIgnoreCase) => StoreTrouble.ReadOnly,
            RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure } => StoreTrouble.WrongPassword,
            RedisConnectionException { FailureType: ConnectionFailureType.Loading } => StoreTrouble.Loading,
            RedisConnectionException or InvalidOperationException { Source: "System.IO.Pipelines" } or OperationCanceledException => StoreTrouble.NotReachable,
            TimeoutException => StoreTrouble.Silent,
            RedisStorageException when fault.Message.Contains(nameof(RedisConnectionException), StringComparison.Ordinal) => StoreTrouble.NotReachable,
            RedisStorageException when fault.Message.Contains(nameof(RedisTimeoutException), StringComparison.Ordinal) => StoreTrouble.Silent,
            _ => null,
        };
    }
}
