using System.Net;
using OrleansNotify.Host;
using OrleansNotify.Host.Auth;
using OrleansNotify.Tests.Described;
using OrleansNotify.Tests.Host;
using OrleansNotify.Tests.Host.Store;

[assembly: AssemblyFixture(typeof(RunningHost))]

namespace OrleansNotify.Tests.Host;

/// <summary>A host in Development, in this process, on the embedded store and free ports; shared, for tests that only ask.</summary>
public sealed class RunningHost : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly SemaphoreSlim _once = new(1);
    private NotifyHost? _host;

    /// <summary>Starts it at the first use.</summary>
    internal async Task<NotifyHost> Get()
    {
        await _once.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            return _host ??= await Start(_folder.Path);
        }
        finally
        {
            _once.Release();
        }
    }

    internal static Task<NotifyHost> Start(string folder, string environment = "Development", Dictionary<string, string?>? settings = null)
    {
        Dictionary<string, string?> all = new(settings ?? [])
        {
            ["NOTIFY_DATA_DIR"] = folder,
            ["URLS"] = "http://127.0.0.1:0",
            ["Logging:LogLevel:Default"] = "Warning",
        };
        return NotifyHost.Start(environment, all, cancellation: TestContext.Current.CancellationToken);
    }

    /// <summary>A client that keeps cookies, follows no redirect and asks as a browser does.</summary>
    internal async Task<HttpClient> Browser()
    {
        HttpClient client = new(new DescribedAnswers(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }))
        {
            BaseAddress = (await Get()).Url,
        };
        client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        return client;
    }

    /// <summary>A token of this host.</summary>
    internal async Task<string> Token(string role, TimeSpan? life = null) =>
        JwtTokens.Mint((await Get()).Jwt.Secrets[0], "ann", role, life ?? TimeSpan.FromHours(1), TimeProvider.System);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_host is not null) await _host.DisposeAsync();
        _folder.Dispose();
        _once.Dispose();
    }
}
