namespace OrleansNotify.Channels.Email;

/// <summary>
/// How many connections the server takes, as far as is known. Begins small and grows with each connection that is made, up to what is
/// allowed; a refusal ends the growing, and now and then one more is tried.
/// </summary>
internal sealed class PoolSize(int most, TimeProvider clock)
{
    private const int AtFirst = 2;

    private static readonly TimeSpan OneMoreAfter = TimeSpan.FromSeconds(30), Lately = TimeSpan.FromSeconds(10);

    private long? _refusedAt, _workedAt;

    /// <summary>The most connections that are to be open now.</summary>
    public int Now { get; private set; } = Math.Min(AtFirst, most);

    /// <summary>Whether the server served us a short while ago: then a refusal means that it takes no more, not that it takes none.</summary>
    public bool WorkedLately => _workedAt is { } at && clock.GetElapsedTime(at) < Lately;

    /// <summary>A server has taken us as a client, or one of our mails.</summary>
    public void Worked() => _workedAt = clock.GetTimestamp();

    /// <summary>A connection was made.</summary>
    public void Made()
    {
        Worked();
        if (_refusedAt is null) Grow();
    }

    /// <summary>One more than these was refused.</summary>
    public void Refused(int open)
    {
        _refusedAt = clock.GetTimestamp();
        Now = Math.Max(1, open);
    }

    /// <summary>Somebody waits for a connection: if the last refusal is long ago, one more may be tried.</summary>
    public void Needed()
    {
        if (_refusedAt is not { } at || clock.GetElapsedTime(at) < OneMoreAfter) return;
        _refusedAt = null;
        Grow();
    }

    private void Grow() => Now = Math.Min(most, Now + 1);
}
