using System.Runtime.CompilerServices;
using Orleans.Storage;

namespace OrleansNotify.Tests.Host.Api;

/// <summary>The cluster or its store does not answer.</summary>
public sealed class OutageTests
{
    private const string Message = """{"user_id":"u","template_name":"t"}""";

    public static TheoryData<Exception> Faults =>
    [
        new StoreUnavailableException(),
        new TimeoutException(),
        new SiloUnavailableException(),
        (Exception)RuntimeHelpers.GetUninitializedObject(typeof(OrleansMessageRejectionException)),
        new GatewayTooBusyException("busy"),
        new TaskCanceledException(),
        new OperationCanceledException(new CancellationToken(canceled: true)),
        new LimitExceededException("full"),
        new InconsistentStateException("stale"),
        new OrleansException("Trying to register user/u on invalid silo: S127.0.0.1:1:1. Known status: Dead"),
    ];

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public async Task A_fault_of_the_store_is_a_503_that_says_when_to_ask_again(Exception fault)
    {
        await using var api = await ApiHost.Start();
        api.Grains.User("u").OnSend = _ => Task.FromException<Receipt>(fault);
        var answer = (await api.Ask("POST", "/api/v1/messages", Message)).IsProblem(503);
        Assert.Equal(Reasons.StoreUnavailable, answer.Reason);
        Assert.Equal(TimeSpan.FromSeconds(2), answer.Headers.RetryAfter?.Delta);
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
