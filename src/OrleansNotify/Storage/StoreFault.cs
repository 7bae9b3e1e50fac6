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
        catch (Exception fault) when (fault is RedisException or TimeoutException or RedisStorageException || fault.InnerException is RedisStorageException)
        {
            throw new StoreFault(fault);
        }
    }
}
