using Microsoft.Playwright;
using OrleansNotify.EndToEnd.Hosts;
using OrleansNotify.Tests.Processes;

namespace OrleansNotify.EndToEnd.Proxy;

/// <summary>A host in Production behind a proxy that ends TLS, as most are.</summary>
public sealed class ProxyTests
{
    [Theory]
    [InlineData("")]
    [InlineData("127.0.0.1")]
    public async Task An_owner_signs_in_opens_the_dashboard_and_signs_out(string trusted)
    {
        Needs.Program("chromium");
        await using var proxy = Nginx.Prepare();
        await using var providers = await Providers.Start();
        await using var store = await HostStore.Start(StoreKind.Embedded);
        await using var host = await HostProcess.Start(store.Environment().With(providers.Environment, new()
        {
            ["NOTIFY_PUBLIC_URL"] = proxy.Url.ToString(),
            ["NOTIFY_TRUSTED_PROXIES"] = trusted,
        }));
        await proxy.PutBefore(host.Url);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = ChildProcess.PathOf("chromium"), ChromiumSandbox = false });
        var page = await browser.NewPageAsync(new() { BaseURL = proxy.Url.ToString(), IgnoreHTTPSErrors = true });

        await page.GotoAsync("/dashboard");
        await page.Locator("#token").FillAsync(HostProcess.Token);
        await page.Locator("form button[type=submit]").ClickAsync();
        await page.WaitForURLAsync("**/dashboard**");
        await Assertions.Expect(page.Locator("body")).ToContainTextAsync("silo", new() { IgnoreCase = true, Timeout = 20_000 });

        var session = Assert.Single(await page.Context.CookiesAsync(), cookie => cookie.Name == "notify.session");
        Assert.True(session is { Secure: true, HttpOnly: true, SameSite: SameSiteAttribute.Strict });

        await page.GotoAsync("/sign-in");
        await page.Locator("form button[type=submit]").ClickAsync();
        await Assertions.Expect(page.Locator("#token")).ToBeVisibleAsync();
        Assert.Equal(new Uri(proxy.Url, "/sign-in").ToString(), page.Url);
        Assert.DoesNotContain(await page.Context.CookiesAsync(), cookie => cookie.Name == "notify.session");
    }

    [Fact]
    public async Task Nobody_by_a_proxy_is_taken_for_whoever_sits_at_the_machine()
    {
        await using var proxy = Nginx.Prepare();
        await using var store = await HostStore.Start(StoreKind.Embedded);
        await using var host = await HostProcess.Start(store.Environment().With(new Dictionary<string, string>
        {
            ["DOTNET_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["NOTIFY_TRUSTED_PROXIES"] = "127.0.0.1",
        }));
        await proxy.PutBefore(host.Url);
        using HttpClient http = new(new HttpClientHandler
        {
            AllowAutoRedirect = false,
            ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator,
        });

        using var local = await http.GetAsync(new Uri($"{host.Url}/inbox/items"), TestContext.Current.CancellationToken);
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(proxy.Url, "/inbox/items"));
        request.Headers.Add("X-Forwarded-For", "127.0.0.1");
        using var proxied = await http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(System.Net.HttpStatusCode.OK, local.StatusCode);
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, proxied.StatusCode);
    }
}
