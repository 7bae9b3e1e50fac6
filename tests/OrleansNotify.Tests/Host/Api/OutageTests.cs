using System.Runtime.CompilerServices;
using Orleans.Storage;
using StackExchange.Redis;

namespace OrleansNotify.Tests.Host.Api;

/// <summary>The cluster or its store does not answer.</summary>
public sealed class OutageTests
{
    private const string Message = """{"user_id":"u","template_name":"t"}""";

    public static TheoryData<Exception, string> Faults => new()
    {
        { new StoreUnavailableException(), "store_unavailable" },
        { new InconsistentStateException("stale"), "store_unavailable" },
        { new TimeoutException(), "silo_unavailable" },
        { new SiloUnavailableException(), "silo_unavailable" },
        { (Exception)RuntimeHelpers.GetUninitializedObject(typeof(OrleansMessageRejectionException)), "silo_unavailable" },
        { new GatewayTooBusyException("busy"), "silo_unavailable" },
        { new TaskCanceledException(), "silo_unavailable" },
        { new OperationCanceledException(new CancellationToken(canceled: true)), "silo_unavailable" },
        { new LimitExceededException("full"), "silo_unavailable" },
        { new OrleansException("Trying to register user/u on invalid silo: S127.0.0.1:1:1. Known status: Dead"), "silo_unavailable" },
    };

    public static TheoryData<Exception, string, string> Troubles => new()
    {
        { new RedisServerException("OOM command not allowed when used memory > 'maxmemory'."), "full", "memory is full" },
        { new RedisServerException("READONLY You can't write against a read only replica."), "read_only", "read-only replica" },
        { new RedisServerException("MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk."), "cannot_save", "cannot write its file" },
        { new RedisServerException("LOADING Redis is loading the dataset in memory"), "loading", "loading its data" },
        { new RedisServerException("NOSCRIPT No matching script."), "no_script", "lost a script" },
        { new RedisConnectionException(ConnectionFailureType.SocketClosed, "gone"), "not_reachable", "cannot be reached" },
        { new RedisTimeoutException("late", CommandStatus.Sent), "silent", "does not answer" },
    };

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public async Task A_fault_of_the_cluster_is_a_503_that_says_whose_it_is_and_when_to_ask_again(Exception fault, string reason)
    {
        await using var api = await ApiHost.Start();
        api.Grains.User("u").OnSend = _ => Task.FromException<Receipt>(fault);
        var answer = (await api.Ask("POST", "/api/v1/messages", Message)).IsProblem(503);
        Assert.Equal(reason, answer.Reason);
        Assert.Equal(TimeSpan.FromSeconds(2), answer.Headers.RetryAfter?.Delta);
        Assert.Equal(1, await api.Refused(reason));
    }

    [Theory]
    [MemberData(nameof(Troubles), DisableDiscoveryEnumeration = true)]
    public async Task What_ails_the_store_is_said_and_counted_by_its_name(Exception trouble, string word, string told)
    {
        await using var api = await ApiHost.Start(write: () => Task.FromException(trouble));
        api.Grains.User("u").OnSend = _ => Task.FromException<Receipt>(new TimeoutException());

        var answer = (await api.Ask("POST", "/api/v1/messages", Message)).IsProblem(503);
        var batch = await api.Ask("POST", "/api/v1/messages/batch", $"[{Message}]");

        Assert.Equal(Reasons.StoreUnavailable, answer.Reason);
        Assert.Contains(told, answer.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(Reasons.StoreUnavailable, batch.Json[0].GetProperty("reason").GetString());
        Assert.Equal(2, await api.Refused("store_" + word));
    }

    [Theory]
    [InlineData("""{"user_id":"u","template_name":"t","idempotency_key":"k"}""", 2)]
    [InlineData(Message, 1)]
    public async Task What_a_leaving_silo_took_with_it_is_asked_again_where_that_does_nothing_twice(string body, int times)
    {
        await using var api = await ApiHost.Start();
        var asked = 0;
        api.Grains.User("u").OnSend = _ => ++asked == 1
            ? Task.FromException<Receipt>(new SiloUnavailableException())
            : Task.FromResult(new Receipt { Status = ReceiptStatus.Accepted, MessageId = Guid.CreateVersion7() });

        var answer = await api.Ask("POST", "/api/v1/messages", body);

        Assert.Equal((times, times == 2 ? 202 : 503), (asked, answer.Code));
    }

    [Fact]
    public async Task A_store_that_does_not_answer_a_look_is_silent()
    {
        var never = new TaskCompletionSource();
        await using var api = await ApiHost.Start(write: () => never.Task);
        api.Grains.User("u").OnSend = _ => Task.FromException<Receipt>(new StoreUnavailableException());
        var answer = api.Ask("POST", "/api/v1/messages", Message);
        await api.Clock.TimerOf(TimeSpan.FromMilliseconds(500));
        api.Clock.Advance(TimeSpan.FromMilliseconds(500));
        Assert.Contains("does not answer", (await answer).IsProblem(503).Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, await api.Refused("store_silent"));
    }

    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task Any_other_fault_is_a_500_that_tells_nothing_of_itself(string environment)
    {
        await using var api = await ApiHost.Start(environment: environment);
        api.Grains.User("u").OnSend = _ => throw new InvalidOperationException("hunter2");
        var answer = (await api.Ask("POST", "/api/v1/messages", Message)).IsProblem(500);
        Assert.DoesNotContain("hunter2", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_is_silent_is_a_503_after_four_seconds()
    {
        await using var api = await ApiHost.Start();
        var never = new TaskCompletionSource<Receipt>();
        api.Grains.User("u").OnSend = _ => never.Task;
        var answer = api.Ask("POST", "/api/v1/messages", Message);
        await api.Clock.TimerOf(TimeSpan.FromSeconds(4));
        api.Clock.Advance(TimeSpan.FromSeconds(3.9));
        Assert.False(answer.IsCompleted);
        api.Clock.Advance(TimeSpan.FromSeconds(0.1));
        (await answer).IsProblem(503);
    }

    [Fact]
    public async Task A_batch_answers_after_four_seconds_what_it_knows()
    {
        await using var api = await ApiHost.Start();
        var never = new TaskCompletionSource<Receipt>();
        api.Grains.User("silent").OnSend = _ => never.Task;
        api.Grains.User("faulty").OnSend = _ => throw new InvalidOperationException();
        var answer = api.Ask("POST", "/api/v1/messages/batch", """
            [{"user_id":"silent","template_name":"t"},{"user_id":"silent","template_name":"t"},
             {"user_id":"faulty","template_name":"t"},{"user_id":"quick","template_name":"t"}]
            """);
        await api.Clock.TimerOf(TimeSpan.FromSeconds(4));
        await api.Grains.User("quick").Reached;
        await api.Grains.User("silent").Reached;
        api.Clock.Advance(TimeSpan.FromSeconds(4));
        var receipts = (await answer).Json.EnumerateArray().Select(receipt => receipt.GetProperty("status").GetString());
        Assert.Equal(["unavailable", "unavailable", "unavailable", "accepted"], receipts);
        Assert.Single(api.Grains.User("silent").Sent);
    }
}
