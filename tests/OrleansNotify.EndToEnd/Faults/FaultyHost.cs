using OrleansNotify.EndToEnd.Faults.Node;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd.Faults;

/// <summary>One place for a host, with its ports and folder. Whatever ends there is started again, as an orchestrator does.</summary>
internal sealed class FaultyHost : IAsyncDisposable
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    private readonly Dictionary<string, string> _environment;
    private readonly string _control;
    private readonly FaultNotes _notes;
    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _keeping = Task.CompletedTask;
    private volatile HostProcess? _process;
    private long _notBefore;

    public FaultyHost(string name, Dictionary<string, string> environment, string control, FaultNotes notes) =>
        (Name, _environment, _control, _notes) = (name, environment, control, notes);

    public string Name { get; }

    /// <summary>The silo's port; null with the embedded store.</summary>
    public string? SiloPort => _environment.GetValueOrDefault("ORLEANS_SILO_PORT");

    /// <summary>Where its API is; null while there is no host.</summary>
    public string? Url => _process is { HasExited: false } process ? process.Url : null;

    /// <summary>It is stopped by a signal and answers nothing.</summary>
    public bool IsFrozen { get; private set; }

    /// <summary>How often it was frozen or ended: an answer that took its time meanwhile says nothing.</summary>
    public int Incidents { get; private set; }

    public bool IsUp => Url is not null && !IsFrozen;

    public int? Id => _process?.Id;

    /// <summary>Whether a fault may choose it: it is up, and nothing else is being done to it.</summary>
    public bool IsFree => IsUp && !IsBusy;

    public bool IsBusy { get; set; }

    public async Task Start()
    {
        _keeping = Keep();
        await await Task.WhenAny(_started.Task, _keeping);
    }

    private async Task Keep()
    {
        // What has ended is put away when the next one is up: whoever ended it may still be looking at it.
        await using Former former = new();
        while (!_end.IsCancellationRequested)
        {
            await Wait(() => TimeProvider.System.GetTimestamp() >= Interlocked.Read(ref _notBefore));
            if (_end.IsCancellationRequested) return;
            try
            {
                var process = await HostProcess.Start(_environment, typeof(FaultyHost).Assembly.Location, "node", _control);
                await former.Replace(process);
                _process = process;
                _started.TrySetResult();
                await Wait(() => process.HasExited);
                _process = null;
                Incidents++;
                if (process.HasExited && Dump is { } folder) await File.WriteAllTextAsync(Path.Combine(folder, $"{Name}-{process.Id}.log"), process.Output);
            }
            catch (Exception fault) when (fault is InvalidOperationException or TimeoutException)
            {
                // It did not come up, for there is no store perhaps: again, as long as the run goes on.
                _notes.Say($"    {Name} did not start: {fault.Message.Split('\n').LastOrDefault(line => line.Length > 0)}");
            }
        }
    }

    private sealed class Former : IAsyncDisposable
    {
        private HostProcess? _process;

        public async Task Replace(HostProcess process)
        {
            await DisposeAsync();
            _process = process;
        }

        public ValueTask DisposeAsync() => _process?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    /// <summary>A folder for the logs of hosts that have ended, for somebody who looks for a reason.</summary>
    private static string? Dump { get; } =
        Environment.GetEnvironmentVariable("NOTIFY_FAULT_LOGS") is { Length: > 0 } folder ? Directory.CreateDirectory(folder).FullName : null;

    private async Task Wait(Func<bool> holds)
    {
        using PeriodicTimer timer = new(s_look);
        while (!holds())
        {
            try
            {
                await timer.WaitForNextTickAsync(_end.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>SIGKILL; it comes back after a while.</summary>
    public async Task Kill(TimeSpan backAfter)
    {
        StayDown(backAfter);
        if (_process is { } process) await process.Kill();
    }

    /// <summary>SIGTERM; the answer is the exit code, or null where it had to be killed in the end.</summary>
    public async Task<int?> Terminate()
    {
        var process = _process!;
        try
        {
            return await process.Terminate(TimeSpan.FromSeconds(40));
        }
        catch (TimeoutException)
        {
            await process.Kill();
            return null;
        }
    }

    /// <summary>SIGSTOP and SIGCONT.</summary>
    public async Task Freeze(TimeSpan length)
    {
        IsFrozen = true;
        var process = _process!;
        await process.Signal("STOP");
        await Task.Delay(length);
        await process.Signal("CONT");
        Incidents++;
        IsFrozen = false;
    }

    public Task JumpClock() => _process!.Signal("USR1");

    /// <summary>Has it kill itself; false if it does not pass there in time.</summary>
    public async Task<bool> DieAt(string point, int passage, TimeSpan atMost)
    {
        var process = _process!;
        await Arm(process, $"{point} {passage}");
        using CancellationTokenSource timeout = new(atMost);
        using PeriodicTimer timer = new(s_look);
        try
        {
            while (!process.HasExited) await timer.WaitForNextTickAsync(timeout.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            await Arm(process, "nowhere 1");
            return false;
        }
    }

    private async Task Arm(HostProcess process, string what)
    {
        await File.WriteAllTextAsync(Path.Combine(_control, FaultNode.PointFile), what);
        await process.Signal("USR2");
    }

    private void StayDown(TimeSpan length) => Interlocked.Exchange(
        ref _notBefore, TimeProvider.System.GetTimestamp() + (long)(length.TotalSeconds * TimeProvider.System.TimestampFrequency));

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _keeping;
        _end.Dispose();
    }
}
