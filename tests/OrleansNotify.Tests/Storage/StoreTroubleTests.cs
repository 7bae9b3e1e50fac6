using Orleans.Persistence.Redis;
using OrleansNotify.Metrics;
using OrleansNotify.Storage;
using StackExchange.Redis;

namespace OrleansNotify.Tests.Storage;

/// <summary>What ails the store, by what its calls end with: the server's own words, the library's, and what Orleans makes of either.</summary>
public sealed class StoreTroubleTests
{
    public static TheoryData<Exception, string> Faults => new()
    {
        { new RedisServerException("OOM command not allowed when used memory > 'maxmemory'."), "full" },
        { new RedisServerException("READONLY You can't write against a read only replica."), "read_only" },
        { new RedisServerException("MASTERDOWN Link with MASTER is down"), "read_only" },
        { new RedisServerException("MISCONF Errors writing to the AOF file: No space left on device"), "cannot_save" },
        { new RedisServerException("LOADING Redis is loading the dataset in memory"), "loading" },
        { new RedisServerException("BUSY Redis is busy running a script."), "busy_script" },
        { new RedisServerException("NOREPLICAS Not enough good replicas to write."), "too_few_replicas" },
        { new RedisServerException("NOSCRIPT No matching script."), "no_script" },
        { new RedisServerException("NOAUTH Authentication required."), "wrong_password" },
        { new RedisServerException("WRONGPASS invalid username-password pair or user is disabled."), "wrong_password" },
        { new RedisServerException("NOPERM this user has no permissions to run the 'info' command"), "no_right" },
        { new RedisServerException("ERR The user executing the script can't run this command or subcommand script"), "no_right" },
        { new RedisServerException("ERR something else, which says: OOM in its middle"), "error" },
        { new RedisConnectionException(ConnectionFailureType.UnableToConnect, "gone"), "not_reachable" },
        { new RedisConnectionException(ConnectionFailureType.Loading, "loading"), "loading" },
        { new RedisConnectionException(ConnectionFailureType.AuthenticationFailure, "who"), "wrong_password" },
        { new RedisConnectionException(ConnectionFailureType.UnableToResolvePhysicalConnection, "No connection (requires writable - not eligible for replica) is active"), "read_only" },
        { new RedisCommandException("Command cannot be issued to a replica: SET"), "read_only" },
        { new RedisCommandException("This operation is not available"), "error" },
        { new TaskCanceledException(), "not_reachable" },
        { new InvalidOperationException("x") { Source = "System.IO.Pipelines" }, "not_reachable" },
        { new InvalidOperationException("x"), "error" },
        { new RedisTimeoutException("late", CommandStatus.Sent), "silent" },
        { new TimeoutException(), "silent" },
        { Storage("Failed to write state: StackExchange.Redis.RedisServerException: OOM command not allowed"), "full" },
        { Storage("Failed to write state: StackExchange.Redis.RedisConnectionException: gone"), "not_reachable" },
        { Storage("Failed to write state: StackExchange.Redis.RedisTimeoutException: late"), "silent" },
        { Storage("Failed to write state"), "error" },
        { new StoreFault(new RedisServerException("OOM command not allowed")), "full" },
        { new AggregateException(new RedisServerException("LOADING")), "loading" },
    };

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public void It_is_told_by_the_fault(Exception fault, string word) => Assert.Equal(word, StoreTroubles.Word(StoreTroubles.Of(fault)));

    [Fact]
    public void Each_has_a_word_and_a_sentence_of_its_own_and_its_refusals_are_counted()
    {
        var all = Enum.GetValues<StoreTrouble>();
        Assert.Equal(all.Length, all.Select(StoreTroubles.Word).Distinct().Count());
        Assert.Equal(all.Length, all.Select(StoreTroubles.Sentence).Distinct().Count());
        Assert.All(all, trouble => Assert.EndsWith(".", StoreTroubles.Sentence(trouble), StringComparison.Ordinal));
        Assert.All(all, trouble => Assert.Contains("store_" + StoreTroubles.Word(trouble), Refusals.All));
    }

    private static RedisStorageException Storage(string message) => new(message);
}
