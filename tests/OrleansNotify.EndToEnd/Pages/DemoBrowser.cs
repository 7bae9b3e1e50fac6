using Microsoft.Playwright;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd.Pages;

/// <summary>A demo that stays up, with all its messages delivered, and Debian's Chromium to look at it.</summary>
public sealed class DemoBrowser : IAsyncLifetime
{
    private ChildProcess? _demo;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Where the demo is.</summary>
    public Uri Url { get; private set; } = null!;

    /// <summary>An owner's token, as the demo printed it.</summary>
    public string Token { get; private set; } = "";

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (!ChildProcess.IsInstalled("chromium")) return;
        _demo = HostProcess.Run(["demo"], new Dictionary<string, string> { ["ASPNETCORE_URLS"] = "http://127.0.0.1:0", ["NO_COLOR"] = "1" });
        var dashboard = await _demo.WaitForLine(line => line.TrimStart().StartsWith("Dashboard ", StringComparison.Ordinal), "its links", TimeSpan.FromSeconds(60));
        Url = new Uri(new Uri(dashboard.Trim().Split(' ')[^1]), "/");
        var token = await _demo.WaitForLine(line => line.TrimStart().StartsWith("Owner token ", StringComparison.Ordinal), "its token", TimeSpan.FromSeconds(60));
        Token = token.Trim().Split(' ')[^1];
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = ChildProcess.PathOf("chromium"), ChromiumSandbox = false });
    }

    /// <summary>A page of a person of his own: no cookie of another test.</summary>
    public async Task<IPage> NewPage(int width = 1280, int height = 900, ColorScheme scheme = ColorScheme.Light)
    {
        Needs.Program("chromium");
        return await _browser!.NewPageAsync(new()
        {
            BaseURL = Url.ToString(),
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
        });
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_demo is not null) await _demo.DisposeAsync();
    }
}
