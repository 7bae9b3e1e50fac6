namespace OrleansNotify.EndToEnd.Faults.Node;

/// <summary>The system's clock, whose wall time jumps two seconds: ahead, back again, ahead. What it measures goes on evenly, as a real one's does.</summary>
internal sealed class JumpingClock : TimeProvider
{
    private static readonly TimeSpan Width = TimeSpan.FromSeconds(2);

    private long _ahead;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _ahead));

    public void Jump() => Interlocked.Exchange(ref _ahead, Width.Ticks - Interlocked.Read(ref _ahead));
}
