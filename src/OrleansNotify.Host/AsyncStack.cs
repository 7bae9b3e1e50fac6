namespace OrleansNotify.Host;

/// <summary>Parts that were started one upon another, and are disposed from the top.</summary>
internal sealed class AsyncStack : IAsyncDisposable
{
    private readonly Stack<object> _parts = new();

    /// <summary>Takes a part over.</summary>
    public T Push<T>(T part)
        where T : notnull
    {
        _parts.Push(part);
        return part;
    }

    public async ValueTask DisposeAsync()
    {
        while (_parts.TryPop(out var part))
        {
            if (part is IAsyncDisposable asynchronous) await asynchronous.DisposeAsync();
            else (part as IDisposable)?.Dispose();
        }
    }
}
