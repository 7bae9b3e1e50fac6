using OrleansNotify.Host.Auth;

namespace OrleansNotify.Tests.Processes;

/// <summary>A host in a process of its own, on free ports, with nothing of this machine's settings.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    public const string JwtSecret = "a secret of the end-to-end tests that is long enough";

    private readonly ChildProcess _process;

    private HostProcess(ChildProcess process, string url) => (_process, Url) = (process, url);

    public string Url { get; }

    /// <summary>An owner's token.</summary>
    public static string Token { get; } = JwtTokens.Mint(JwtSecret, "e2e", Roles.Owner, TimeSpan.FromHours(1), TimeProvider.System);

    /// <summary>What it has printed.</summary>
    public string Output => _process.Output;

    /// <inheritdoc cref="ChildProcess.WaitForLine"/>
    public Task<string> WaitForLine(Func<string, bool> fits, string what, TimeSpan atMost) => _process.WaitForLine(fits, what, atMost);

    public int Id => _process.Id;

    /// <summary>
    /// Starts a host, the one that was built with this program unless another is named, with its <c>run</c> unless it is told something else,
    /// and waits until it is ready.
    /// </summary>
    public static async Task<HostProcess> Start(IReadOnlyDictionary<string, string> settings, string? program = null, params string[] arguments)
    {
        var url = $"http://127.0.0.1:{FreePort.Find()}";
        Dictionary<string, string> all = new() { ["NOTIFY_JWT_SECRET"] = JwtSecret, ["NOTIFY_PUBLIC_URL"] = "https://notify.example", ["NOTIFY_APP_URL"] = "https://app.example" };
        foreach (var (key, value) in settings) all[key] = value;
        all["ASPNETCORE_URLS"] = url;
        HostProcess host = new(Run(arguments.Length == 0 ? ["run"] : arguments, all, program: program), url);
        try
        {
            await host.WaitUntilReady();
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the host's program with a command line of its own.</summary>
    public static ChildProcess Run(
        string[] arguments, IReadOnlyDictionary<string, string> settings, string? folder = null, string? program = null) =>
        ChildProcess.Start("dotnet", [program ?? Repository.Program("src", "OrleansNotify.Host"), .. arguments], settings, folder);

    /// <summary>SIGKILL.</summary>
    public Task Kill() => _process.Kill();

    /// <summary>SIGTERM; the answer is the exit code.</summary>
    public async Task<int> Terminate(TimeSpan atMost)
    {
        await _process.Signal("TERM");
        return await _process.WaitForExit(atMost);
    }

    /// <summary>Sends SIGTERM and does not wait.</summary>
    public Task BeginTerminate() => _process.Signal("TERM");

    /// <summary>Sends a signal by its name: <c>STOP</c>, <c>CONT</c>, <c>USR1</c>.</summary>
    public Task Signal(string name) => _process.Signal(name);

    public bool HasExited => _process.HasExited;

    public Task<int> WaitForExit(TimeSpan atMost) => _process.WaitForExit(atMost);

    private async Task WaitUntilReady()
    {
        using HttpClient http = new();
        await Poll.Until(async () =>
        {
            if (_process.HasExited) throw new InvalidOperationException($"The host ended before it was ready:\n{Output}");
            try
            {
                using var answer = await http.GetAsync(new Uri($"{Url}/readyz"));
                return answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }, () => $"ready host; it printed:\n{Output}", TimeSpan.FromSeconds(60));
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
