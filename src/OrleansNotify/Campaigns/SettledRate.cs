namespace OrleansNotify.Campaigns;

/// <summary>How fast something that only grows has grown, over the last minute.</summary>
internal sealed class SettledRate
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Queue<(DateTimeOffset At, long Count)> _seen = new();

    /// <summary>Takes note of the count at a time.</summary>
    public void Note(long count, DateTimeOffset now)
    {
        // The oldest that is kept is the last one before the window.
        while (_seen.Count > 1 && now - _seen.ElementAt(1).At >= Window) _seen.Dequeue();
        if (_seen.Count == 0 || now - _seen.Last().At >= TimeSpan.FromSeconds(1)) _seen.Enqueue((now, count));
    }

    /// <summary>In a second; 0 until there is something to compare with.</summary>
    public double At(long count, DateTimeOffset now) =>
        _seen.TryPeek(out var oldest) && now > oldest.At ? Math.Max(0, count - oldest.Count) / (now - oldest.At).TotalSeconds : 0;
}
