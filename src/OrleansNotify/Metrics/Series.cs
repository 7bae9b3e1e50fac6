using System.Collections.Concurrent;

namespace OrleansNotify.Metrics;

/// <summary>The series of one metric, each made once: naming the labels of a series anew for every message would allocate.</summary>
internal sealed class Series<TKey, TSeries>(Func<TKey, TSeries> make)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, TSeries> _made = new();

    public TSeries this[TKey key] => _made.GetOrAdd(key, make);

    /// <summary>Makes series before there is anything to tell, so that the first event is seen as a rise from zero.</summary>
    public Series<TKey, TSeries> StartAtZero(IEnumerable<TKey> keys)
    {
        foreach (var key in keys) _made.GetOrAdd(key, make);
        return this;
    }
}
