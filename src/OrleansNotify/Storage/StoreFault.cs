using Orleans.Persistence.Redis;
using StackExchange.Redis;

namespace OrleansNotify.Storage;

/// <summary>The store did not answer, or answered with an error: what was asked may or may not have been done.</summary>
internal sealed class StoreFault(Exception inner) : Exception("The store did not answer as it should: " + inner.Message, inner)
{
    public static Task Guard(Func<Task> call) => Guard(async () =>
    {
        await call();
        return true;
    });

    public static async Task<T> Guard<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception fault) when (IsOne(fault))
        {
            throw new StoreFault(fault);
        }
    }

    /// <summary>Whether an exception of a call to the store is the store's fault, or the connection's.</summary>
    public static bool IsOne(Exception fault) =>
        fault is RedisException or TimeoutException or RedisStorageException
        || fault.InnerException is RedisStorageException
        || IsOfBrokenConnection(fault);

    // How the library ends the calls of a connection that broke, as it happens: with what the pipe says that it was reading from, or as
    // cancelled, though nobody has cancelled them.
    private static bool IsOfBrokenConnection(Exception fault) =>
        fault is InvalidOperationException { Source: "System.IO.Pipelines" } or TaskCanceledException { CancellationToken.CanBeCanceled: false };
}
