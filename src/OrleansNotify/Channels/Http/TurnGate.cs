using OrleansNotify.Delivery;

namespace OrleansNotify.Channels.Http;

/// <summary>
/// The gate between an attempt's requests and the wire. The first request that begins to be written passes only within the attempt's turn, and
/// holds the gate open for the others; once the turn is over, whoever still waits for a connection stops waiting and nothing is written.
/// </summary>
internal sealed class TurnGate : IAsyncDisposable
{
    private const int Waiting = 0, Passed = 1, Over = 2;

    private readonly Turn _turn;
    private readonly ITimer? _timer;
    private readonly CancellationTokenSource? _ended;
    private int _state;

    /// <summary>Opens the gate.</summary>
    /// <param name="turn">The attempt's turn.</param>
    /// <param name="clock">The clock that the turn is counted on.</param>
    /// <param name="hardEnd">The attempt's hard end.</param>
    public TurnGate(Turn turn, TimeProvider clock, CancellationToken hardEnd)
    {
        (_turn, Cancellation) = (turn, hardEnd);
        if (turn.Left is var left && left == Timeout.InfiniteTimeSpan) return;
        _ended = CancellationTokenSource.CreateLinkedTokenSource(hardEnd);
        Cancellation = _ended.Token;
        _timer = clock.CreateTimer(_ => Close(), null, left, Timeout.InfiniteTimeSpan);
    }

    /// <summary>
    /// Ends the sending: at the hard end, and when the turn is over before a request was being written. It ends a wait for a connection, never
    /// the connecting: <see cref="SocketsHttpHandler"/> keeps what it is connecting for the next request.
    /// </summary>
    public CancellationToken Cancellation { get; }

    /// <summary>Whether the turn was over before any request was being written.</summary>
    public bool IsOver => Volatile.Read(ref _state) == Over;

    /// <summary>Asked right before a request's first byte: whether it may be written.</summary>
    public bool TryPass()
    {
        if (_turn.IsOver) Interlocked.CompareExchange(ref _state, Over, Waiting);
        return Interlocked.CompareExchange(ref _state, Passed, Waiting) != Over;
    }

    public async ValueTask DisposeAsync()
    {
        // The timer first, and whole: what it is running now may still cancel.
        if (_timer is not null) await _timer.DisposeAsync();
        _ended?.Dispose();
    }

    private void Close()
    {
        if (Interlocked.CompareExchange(ref _state, Over, Waiting) == Waiting) _ended!.Cancel();
    }
}
