using System.Collections.Concurrent;

namespace OrleansNotify.Metrics;

/// <summary>Lets a label have so many different values; beyond them it says <c>other</c>, for a series lives as long as its process.</summary>
internal sealed class BoundedLabel(int most)
{
    public const string Other = "other";

    private readonly ConcurrentDictionary<string, bool> _values = new();

    public string Of(string value)
    {
        if (_values.ContainsKey(value)) return value;
        return _values.Count < most && _values.TryAdd(value, true) ? value : Other;
    }
}
