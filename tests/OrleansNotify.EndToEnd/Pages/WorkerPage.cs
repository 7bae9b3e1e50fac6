using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd.Pages;

/// <summary>A page in Debian's Chromium with a service worker, which is handed pushes as the browser hands them over: decrypted.</summary>
internal sealed class WorkerPage : IAsyncDisposable
{
    private const string Html = """
        <!doctype html><title>Worker</title><script>
          const shown = [];
          new BroadcastChannel("shown").onmessage = message => shown.push(message.data);
          navigator.serviceWorker.register("/worker.js");
        </script>
        """;

    // Says when a notification is shown: the browser's protocol says only that the push was handed over.
    private const string Tell = """
        const show = self.registration.showNotification.bind(self.registration);
        self.registration.showNotification = async (title, options) => {
          await show(title, options);
          new BroadcastChannel("shown").postMessage(title);
        };

        """;

    private readonly WebApplication _site;
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private readonly TaskCompletionSource<string> _registration = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IPage _page = null!;
    private ICDPSession _session = null!;

    private WorkerPage(WebApplication site, IPlaywright playwright, IBrowser browser) => (_site, _playwright, _browser) = (site, playwright, browser);

    private string Origin => _site.Urls.First();

    /// <summary>Opens the page, with notifications allowed, and waits until its worker is there.</summary>
    public static async Task<WorkerPage> Open(string worker)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var site = builder.Build();
        site.Urls.Add("http://127.0.0.1:0");
        site.MapGet("/", () => Results.Content(Html, "text/html"));
        site.MapGet("/worker.js", () => Results.Content(Tell + worker, "text/javascript"));
        await site.StartAsync();
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = ChildProcess.PathOf("chromium"), ChromiumSandbox = false });
        WorkerPage page = new(site, playwright, browser);
        await page.Open();
        return page;
    }

    /// <summary>Hands a push over, and waits until it is shown.</summary>
    public async Task Deliver(string payload)
    {
        var before = await _page.EvaluateAsync<int>("shown.length");
        await _session.SendAsync("ServiceWorker.deliverPushMessage", new()
        {
            ["origin"] = Origin,
            ["registrationId"] = await _registration.Task,
            ["data"] = payload,
        });
        await _page.WaitForFunctionAsync("before => shown.length > before", before, new() { Timeout = 20_000 });
    }

    /// <summary>The notifications that a person sees now.</summary>
    public async Task<JsonElement> Notifications() => (await _page.EvaluateAsync("""
        async () => (await (await navigator.serviceWorker.ready).getNotifications()).map(({ title, body, tag, data }) => ({ title, body, tag, data }))
        """))!.Value;

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
        await _site.DisposeAsync();
    }

    private async Task Open()
    {
        var context = await _browser.NewContextAsync(new() { BaseURL = Origin });
        await context.GrantPermissionsAsync(["notifications"], new() { Origin = Origin });
        _page = await context.NewPageAsync();
        _session = await context.NewCDPSessionAsync(_page);
        _session.Event("ServiceWorker.workerRegistrationUpdated").OnEvent += (_, told) =>
        {
            foreach (var registration in told!.Value.GetProperty("registrations").EnumerateArray())
                _registration.TrySetResult(registration.GetProperty("registrationId").GetString()!);
        };
        await _session.SendAsync("ServiceWorker.enable");
        await _page.GotoAsync("/");
        await _page.EvaluateAsync("async () => { await navigator.serviceWorker.ready; }");
        await _registration.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }
}
