using System.Collections.Immutable;

namespace OrleansNotify.Sandbox;

/// <summary>What one receiver took over since the start, or since the counters were cleared.</summary>
public sealed record Count
{
    /// <summary>How many in all.</summary>
    public int Total { get; init; }

    /// <summary>How many of them were a repeat of an earlier one.</summary>
    public int Duplicates { get; init; }

    /// <summary>When the first one came; null if none did.</summary>
    public DateTimeOffset? FirstAt { get; init; }

    /// <summary>When the last one came.</summary>
    public DateTimeOffset? LastAt { get; init; }
}

/// <summary>Counts what the receivers took over, and knows repeats, however little the inbox keeps.</summary>
public sealed class Counters
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Receiver, Count> _counts = [];
    private readonly Dictionary<(Receiver Receiver, string Identity), int> _times = [];

    /// <summary>What a receiver took over.</summary>
    public Count Of(Receiver receiver)
    {
        lock (_gate) return _counts.GetValueOrDefault(receiver, new Count());
    }

    /// <summary>What a receiver took over, by <see cref="Delivered.Identity"/>, and how often.</summary>
    public ImmutableDictionary<string, int> TimesOf(Receiver receiver)
    {
        lock (_gate) return _times.Where(each => each.Key.Receiver == receiver).ToImmutableDictionary(each => each.Key.Identity, each => each.Value);
    }

    /// <summary>Begins to count anew.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _counts.Clear();
            _times.Clear();
        }
    }

    internal void Add(Delivered item)
    {
        lock (_gate)
        {
            var count = _counts.GetValueOrDefault(item.Receiver, new Count());
            var times = _times[(item.Receiver, item.Identity)] = _times.GetValueOrDefault((item.Receiver, item.Identity)) + 1;
            _counts[item.Receiver] = new Count
            {
                Total = count.Total + 1,
                Duplicates = count.Duplicates + (times > 1 ? 1 : 0),
                FirstAt = count.FirstAt ?? item.At,
                LastAt = item.At,
            };
        }
    }
}
