using OrleansNotify.Host.Auth;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd.Hosts;

/// <summary>A host in a process of its own, on free ports, with nothing of this machine's settings.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    public const string JwtSecret = "a secret of the end-to-end tests, long enough";

    private readonly ChildProcess _process;

    private HostProcess(ChildProcess process, string url)
    {
        _process = process;
        Url = url;
        Api = new HostApi(url, JwtTokens.Mint(JwtSecret, "e2e", Roles.Owner, TimeSpan.FromHours(1), TimeProvider.System));
    }

    public string Url { get; }

    /// <summary>Its API, with an owner's token.</summary>
    public HostApi Api { get; }

    /// <summary>What it has printed.</summary>
    public string Output => _process.Output;

    public int Id => _process.Id;

    /// <summary>Starts a host and waits until it is ready.</summary>
    public static async Task<HostProcess> Start(IReadOnlyDictionary<string, string> settings)
    {
        var url = $"http://127.0.0.1:{FreePort.Find()}";
        HostProcess host = new(Run(["run"], new Dictionary<string, string>(settings) { ["ASPNETCORE_URLS"] = url }), url);
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
    public static ChildProcess Run(string[] arguments, IReadOnlyDictionary<string, string> settings, string? folder = null) =>
        ChildProcess.Start("dotnet", [Repository.Program("src", "OrleansNotify.Host"), .. arguments], settings, folder);

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

    public Task<int> WaitForExit(TimeSpan atMost) => _process.WaitForExit(atMost);

    private Task WaitUntilReady() => Poll.Until(async () =>
    {
        if (_process.HasExited) throw new InvalidOperationException($"The host ended before it was ready:\n{Output}");
        return await Api.IsReady();
    }, () => $"ready host; it printed:\n{Output}", TimeSpan.FromSeconds(60));

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await _process.DisposeAsync();
    }
}
