using System.Net.Security;
using Microsoft.Extensions.Logging;
using OrleansNotify.Delivery;

namespace OrleansNotify.Channels.Email;

/// <summary>
/// A silo's connections to the SMTP server, as many as are needed and as it takes. An attempt waits for one no longer than its turn;
/// connecting goes on without it, and the connection is there for the next turn.
/// </summary>
internal sealed partial class SmtpPool : IAsyncDisposable
{
    /// <summary>For the network, TLS, the greeting (some servers hold it back for seconds, to see who is impatient) and the login.</summary>
    internal static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(15);

    private readonly EmailOptions _options;
    private readonly RemoteCertificateValidationCallback _trust;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _closing = new();
    private readonly ITimer _sweeper;
    private readonly Lock _gate = new();
    private readonly List<SmtpConnection> _idle = [];
    private readonly LinkedList<TaskCompletionSource<Rental>> _waiting = [];
    private readonly Queue<Outcome> _refusals = [];
    private readonly PoolSize _size;
    private int _open, _connecting;
    private (Outcome Failure, long At)? _untold;
    private bool _failing;

    public SmtpPool(EmailOptions options, RemoteCertificateValidationCallback trust, TimeProvider clock, ILogger log)
    {
        (_options, _trust, _clock, _log) = (options, trust, clock, log);
        _size = new PoolSize(options.MaxConnections, clock);
        _sweeper = clock.CreateTimer(_ => CloseIdle(connection => !connection.IsFresh), null, SweepEvery, SweepEvery);
    }

    /// <summary>A connection to give back with <see cref="Return"/>; or, as an outcome, why there was none in time.</summary>
    public async ValueTask<Rental> Rent(Turn turn, CancellationToken hardEnd)
    {
        TaskCompletionSource<Rental> waiter;
        lock (_gate)
        {
            if (TryTakeIdle() is { } connection) return new Rental(connection, null);
            if (TryTakeUntold() is { } failure) return new Rental(null, failure);
            waiter = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.AddLast(waiter);
            ConnectForWaiting();
        }

        await using var turnOver = _clock.CreateTimer(_ => GiveUp(waiter, Withdrawn), null, turn.Left, Timeout.InfiniteTimeSpan);
        await using var ended = hardEnd.Register(() => GiveUp(waiter, Withdrawn));
        return await waiter.Task;
    }

    /// <summary>Gives a connection back. It is kept if it is good for another mail.</summary>
    public void Return(SmtpConnection connection)
    {
        lock (_gate)
        {
            if (connection.WasTooMany && OthersWork(besides: 1))
            {
                Discard(connection);
                BeSmaller("it takes fewer mails side by side");
                return;
            }

            if (connection.Worked) _size.Worked();
            Offer(connection);
            ConnectForWaiting();
        }
    }

    /// <summary>
    /// Gives back a connection on which the server took no mail: it may have had enough of this connection, or of so many. If another
    /// serves us, or this one did, the connection is closed and the mail goes over another (true); else the refusal is the mail's outcome.
    /// </summary>
    public bool GoesOnWithout(SmtpConnection connection)
    {
        lock (_gate)
        {
            var smaller = OthersWork(besides: 1);
            if (!smaller && !connection.HasServed) return false;
            Discard(connection);
            if (smaller) BeSmaller("it takes no mail on one more");
            ConnectForWaiting();
            return true;
        }
    }

    /// <summary>Closes the connections that lie idle: one of them was found dead, and what killed it has most likely killed them all.</summary>
    public void CloseIdle() => CloseIdle(_ => true);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _sweeper.DisposeAsync();
        CloseIdle();
    }

    private static Outcome Withdrawn { get; } = new() { Kind = OutcomeKind.Withdrawn };

    private void GiveUp(TaskCompletionSource<Rental> waiter, Outcome outcome)
    {
        lock (_gate)
        {
            _waiting.Remove(waiter);
            waiter.TrySetResult(new Rental(null, outcome));
        }
    }

    private SmtpConnection? TryTakeIdle()
    {
        // The one used last: so the others grow old when there is little to do.
        while (_idle.Count > 0)
        {
            var connection = _idle[^1];
            _idle.RemoveAt(_idle.Count - 1);
            if (connection.IsFresh) return connection;
            Discard(connection);
        }

        return null;
    }

    private Outcome? TryTakeUntold()
    {
        var untold = _untold;
        _untold = null;
        return untold is { } known && _clock.GetElapsedTime(known.At) < ConnectPatience ? known.Failure : null;
    }

    private void ConnectForWaiting()
    {
        if (_waiting.Count > _connecting) _size.Needed();
        for (; _waiting.Count > _connecting && _open < _size.Now; _open++, _connecting++) _ = Task.Run(Connect);
    }

    private bool OthersWork(int besides) => _open - _connecting > besides && _size.WorkedLately;

    private void BeSmaller(string? why)
    {
        _size.Refused(_open);
        LogSmaller(_options.Host, _options.Port, _size.Now, why);
    }

    private async Task Connect()
    {
        using CancellationTokenSource patience = new(ConnectPatience, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _closing.Token);
        var made = await SmtpConnection.Open(_options, _trust, _clock, either.Token);
        lock (_gate)
        {
            _connecting--;
            if (made.Connection is not null) Made(made.Connection);
            else Failed(made.Failure!);
        }
    }

    private void Made(SmtpConnection connection)
    {
        _untold = null;
        _size.Made();
        if (_refusals.TryPeek(out var refusal)) BeSmaller(refusal.Detail);
        if (_failing) LogRecovered(_options.Host, _options.Port);
        _refusals.Clear();
        _failing = false;
        Offer(connection);
        ConnectForWaiting();
    }

    // Where others work, the server only takes no more of them, and whoever waits waits for those; a refusal is kept until it is known
    // whether they do. Else whoever waits is told.
    private void Failed(Outcome failure)
    {
        _open--;
        if (failure.Kind == OutcomeKind.Retry && OthersWork(besides: 0))
        {
            BeSmaller(failure.Detail);
            return;
        }

        _refusals.Enqueue(failure);
        if (failure is { Kind: OutcomeKind.Retry, Answered: true } && _connecting > 0) return;
        if (!_failing) LogFailing(_options.Host, _options.Port, failure.Detail);
        _failing = true;
        while (_refusals.TryDequeue(out var refusal)) Tell(refusal);
        ConnectForWaiting();
    }

    // Where each has left when its turn was over, it is kept for the next: else a server that takes longer than a turn to fail would never
    // be seen to fail.
    private void Tell(Outcome failure)
    {
        if (!TryServe(new Rental(null, failure))) _untold = (failure, _clock.GetTimestamp());
    }

    private void Offer(SmtpConnection connection)
    {
        if (!connection.IsUsable || _closing.IsCancellationRequested)
        {
            Discard(connection);
            ConnectForWaiting();
        }
        else if (!TryServe(new Rental(connection, null)))
        {
            _idle.Add(connection);
        }
    }

    private bool TryServe(Rental rental)
    {
        if (_waiting.First is not { } first) return false;
        _waiting.RemoveFirst();
        first.Value.SetResult(rental);
        return true;
    }

    private void CloseIdle(Predicate<SmtpConnection> which)
    {
        lock (_gate)
        {
            foreach (var connection in _idle.FindAll(which))
            {
                _idle.Remove(connection);
                Discard(connection);
            }
        }
    }

    private void Discard(SmtpConnection connection)
    {
        _open--;
        _ = Task.Run(connection.Close);
    }

    [LoggerMessage(LogLevel.Warning, "The SMTP server {Host}:{Port} cannot be used: {Detail}")]
    private partial void LogFailing(string host, int port, string? detail);

    [LoggerMessage(LogLevel.Information, "Connections that the SMTP server {Host}:{Port} takes from this silo: {Connections}; one more was refused: {Detail}")]
    private partial void LogSmaller(string host, int port, int connections, string? detail);

    [LoggerMessage(LogLevel.Information, "The SMTP server {Host}:{Port} can be used again")]
    private partial void LogRecovered(string host, int port);
}
