using System.Collections.Concurrent;
using System.Diagnostics;

namespace OrleansNotify.Tests.Processes;

/// <summary>A process that ends with this one, however this one ends. Keeps what it prints.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Process _guard;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly Lock _gate = new();
    private readonly List<(Func<string, bool> Fits, TaskCompletionSource<string> Source)> _waiters = [];
    private readonly string _name;

    private ChildProcess(string name, ProcessStartInfo start)
    {
        _name = name;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        // A shell sees its standard input end when this process is gone, even by SIGKILL, and takes the child with it.
        ProcessStartInfo guard = new("/bin/sh") { RedirectStandardInput = true };
        guard.ArgumentList.Add("-c");
        guard.ArgumentList.Add($"cat >/dev/null; kill -9 {_process.Id} 2>/dev/null");
        _guard = Process.Start(guard)!;
    }

    public static ChildProcess Start(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? folder = null)
    {
        ProcessStartInfo start = new(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "",
        };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>()) start.Environment[key] = value;
        ChildProcess child = new(Path.GetFileNameWithoutExtension(file), start);
        child._process.StandardInput.Close();
        return child;
    }

    /// <summary>Whether a program is on the <c>PATH</c>.</summary>
    public static bool IsInstalled(string program) => PathOf(program) is not null;

    /// <summary>Where a program is; null if it is not on the <c>PATH</c>.</summary>
    public static string? PathOf(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>What it has printed so far, both streams in the order of arrival.</summary>
    public string Output => string.Join('\n', _lines);

    /// <summary>Waits for a printed line; fails with all that was printed if the process ends, or the time is up, without it.</summary>
    public async Task<string> WaitForLine(Func<string, bool> fits, string what, TimeSpan atMost)
    {
        TaskCompletionSource<string> source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_lines.FirstOrDefault(fits) is { } line) return line;
            _waiters.Add((fits, source));
        }

        using CancellationTokenSource timeout = new(atMost);
        var exit = _process.WaitForExitAsync(timeout.Token);
        if (await Task.WhenAny(source.Task, exit) == source.Task || source.Task.IsCompleted) return await source.Task;
        throw new InvalidOperationException($"{_name} {(exit.IsCanceled ? $"did not within {atMost}" : "ended and did not")} print {what}:\n{Output}");
    }

    /// <summary>Waits for its end; the answer is the exit code.</summary>
    public async Task<int> WaitForExit(TimeSpan atMost)
    {
        using CancellationTokenSource timeout = new(atMost);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
            return _process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{_name} did not end within {atMost}:\n{Output}");
        }
    }

    /// <summary>SIGKILL, to what it started too, and waits for the end.</summary>
    public async Task Kill()
    {
        _process.Kill(entireProcessTree: true);
        await WaitForExit(TimeSpan.FromSeconds(30));
    }

    /// <summary>Sends a signal by its name: <c>TERM</c>, <c>STOP</c>, <c>CONT</c>.</summary>
    public async Task Signal(string name)
    {
        using var kill = Process.Start("/bin/kill", [$"-{name}", $"{Id}"]);
        await kill.WaitForExitAsync();
    }

    private void Take(string? line)
    {
        if (line is null) return;
        lock (_gate)
        {
            _lines.Enqueue(line);
            foreach (var waiter in _waiters.Where(waiter => waiter.Fits(line))) waiter.Source.TrySetResult(line);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The guard first: the id that it would kill may soon be somebody else's.
        _guard.Kill();
        await _guard.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        if (!_process.HasExited) await Kill();
        _guard.Dispose();
        _process.Dispose();
    }
}
