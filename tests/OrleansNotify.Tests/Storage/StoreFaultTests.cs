using System.IO.Pipelines;
using Orleans.Persistence.Redis;
using OrleansNotify.Storage;
using StackExchange.Redis;

namespace OrleansNotify.Tests.Storage;

public sealed class StoreFaultTests
{
    public static TheoryData<Exception> OfTheStore =>
    [
        new RedisException("x"), new TimeoutException("x"), new RedisStorageException("x"), new OrleansException("x", new RedisStorageException("y")),
    ];

    [Theory, MemberData(nameof(OfTheStore))]
    public async Task What_the_store_throws_is_a_fault_of_the_store(Exception fault) =>
        Assert.Same(fault, (await Assert.ThrowsAsync<StoreFault>(() => StoreFault.Guard(() => Task.FromException(fault)))).InnerException);

    [Fact]
    public async Task So_is_what_a_call_ends_with_whose_connection_broke_while_it_was_read()
    {
        Pipe pipe = new();
        await pipe.Reader.CompleteAsync();

        await Assert.ThrowsAsync<StoreFault>(() => StoreFault.Guard(async () => await pipe.Reader.ReadAsync(TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task So_is_a_call_that_ends_as_cancelled_though_nobody_has_cancelled_it()
    {
        await Assert.ThrowsAsync<StoreFault>(() => StoreFault.Guard(() => Task.FromException(new TaskCanceledException())));
        var cancelled = Task.FromCanceled(new CancellationToken(canceled: true));
        await Assert.ThrowsAsync<TaskCanceledException>(() => StoreFault.Guard(() => cancelled));
    }

    [Fact]
    public async Task What_others_throw_is_not()
    {
        await Assert.ThrowsAsync<OrleansException>(() => StoreFault.Guard(() => Task.FromException(new OrleansException("x"))));
        await Assert.ThrowsAsync<OrleansException>(() => StoreFault.Guard(() => Task.FromException(new OrleansException("x", new InvalidOperationException("y")))));
        await Assert.ThrowsAsync<InvalidOperationException>(() => StoreFault.Guard(() => Task.FromException(new InvalidOperationException("x"))));
        Assert.Equal(1, await StoreFault.Guard(() => Task.FromResult(1)));
    }
}
